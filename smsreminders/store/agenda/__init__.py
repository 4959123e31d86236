"""Agenda: staged files, what they are compared with, and what their sources said before."""
