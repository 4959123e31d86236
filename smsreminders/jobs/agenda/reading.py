"""The reading of a file that is imported, with what is known of it besides its records."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from smsreminders.importers.formats import read_file
from smsreminders.importers.records import Kind, Layout, Reading
from smsreminders.jobs.agenda.stage import Source


def begin_reading(
    file: Path,
    kind: Kind,
    layout: Layout,
    *,
    format_name: str,
    name: str | None = None,
    content: str | None = None,
    written_at: datetime | None = None,
) -> tuple[Source, Reading]:
    """Begin to read a file, which is told of by its name or by another; its records come as they are asked for.

    `content` is its SHA-256, `written_at` its own time, where they are known already. Raises what `read_file` raises.
    """
    reading = read_file(file, kind, layout, format_name=format_name)
    source = Source(
        name or file.name,
        reading,
        content_of(file) if content is None else content,
        layout.columns,
        reading.fields,
        reading.unused,
        left_out=reading.left_out,
        whole=reading.whole,
        changes_only=reading.changes_only,
        written=written_at or (datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.is_file() else None),
    )
    return source, reading


def content_of(file: Path) -> str:
    """Compute the SHA-256 of a file; empty for a folder, and for what can be read only once."""
    if not file.is_file():
        return ""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
