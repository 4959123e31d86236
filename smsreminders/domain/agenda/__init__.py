"""Agenda: what of a practice's files is believed, and what makes a person look first."""
