"""Keeping house: what an administrator checks, and puts back in order."""
