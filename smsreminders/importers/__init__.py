"""Importers: a file -> appointments, patients, consents, and row errors. One file a format."""
