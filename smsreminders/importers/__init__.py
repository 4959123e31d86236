"""Importers: a file -> records of appointments, patients or consents, and row errors. One file a format."""
