"""An edit, said in one line: of whom or what, and which of its fields have another value now."""

from collections.abc import Mapping


def edited(name: str, before: Mapping[str, object], after: Mapping[str, object]) -> str:
    """Say which fields of a thing an edit changed, by the names of its columns."""
    fields = [key.replace("_", " ") for key, value in after.items() if before[key] != value]
    return f"Changed {name}: {', '.join(fields)}." if fields else f"Nothing is changed of {name}."
