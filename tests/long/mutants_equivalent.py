"""Mutants of the domain that nobody can tell from the original, each with the reason."""

EQUIVALENT: dict[str, str] = {}
