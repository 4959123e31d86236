"""Of each source, what is remembered of its last good import: what the next one is compared with."""

from datetime import datetime

from smsreminders.domain.agenda.import_figures import Dates, LastFile
from smsreminders.store.agenda.said import SourceRow
from smsreminders.store.database import Database
from smsreminders.store.times import date_from_text, from_text, maybe_text, maybe_time


def last_file(db: Database, source: SourceRow) -> LastFile | None:
    """Recall the last good import of a source; None where there was none."""
    row = db.execute(
        "select rows, known, first_day, last_day, written_at, then_empty, ever_empty from last_files"
        " where from_source_id = ?",
        [source.id],
    ).fetchone()
    if row is None:
        return None
    rows, known, first, last, written, then_empty, ever_empty = row
    dates = Dates(date_from_text(first), date_from_text(last)) if first else None
    return LastFile(rows, known, dates, maybe_time(written), bool(then_empty), bool(ever_empty))


def keep_last_file(db: Database, source: SourceRow, last: LastFile) -> None:
    """Keep what a good import was like."""
    db.execute(
        "insert or replace into last_files"
        " (from_source_id, rows, known, first_day, last_day, written_at, then_empty, ever_empty)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            source.id,
            last.rows,
            last.known,
            *((day.isoformat() for day in last.dates) if last.dates else (None, None)),
            maybe_text(last.written),
            last.then_empty,
            last.ever_empty,
        ],
    )


def same_before_the_last(db: Database, source: SourceRow, contents: list[str]) -> datetime | None:
    """When one of these contents was imported from a source before its last import, which was of another; or None."""
    marks = ", ".join("?" * len(contents))
    (at,) = db.execute(
        "with good as (select id, content, at from imports where from_source_id = ? and refused is null)"
        f" select max(at) from good where content <> '' and content in ({marks})"
        " and content not in (select content from good where at = (select at from good order by id desc limit 1))",
        [source.id, *contents],
    ).fetchone()
    return from_text(at) if at else None
