"""Whether a database file is damaged: all of it at once, or part after part within a time."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Timer

from sqlite_utils import Database

_WHOLE = "pragma quick_check(1)"
_OF_A_TABLE = "select * from pragma_quick_check(?)"
_STEPS = 10_000  # of SQLite's machine between two looks at the time: some thousandths of a second


def is_whole(db: Database) -> bool:
    """Whether SQLite finds no damage in the file (quick_check: all pages, not the indexes' contents)."""
    return bool(db.execute(_WHOLE).fetchone() == ("ok",))


def tables_of(db: Database) -> list[str]:
    """The names of all tables of a database file, in the order in which they were made."""
    return [name for (name,) in db.execute("select name from sqlite_master where type = 'table' order by rowid")]


def sound_parts(db: Database, parts: Sequence[str], is_over: Callable[[], bool]) -> int | None:
    """How many of these parts, one after another, SQLite finds to be sound until its time is over; None: not all are.

    A part is the name of a table, which is checked with its indexes, or WHOLE. Raises KeyboardInterrupt where a signal
    ends it.
    """
    db.conn.set_progress_handler(is_over, _STEPS)
    try:
        for done, part in enumerate(parts):
            if is_over():
                return done
            found = db.execute(_OF_A_TABLE, [part]) if part else db.execute(_WHOLE)
            is_sound_part = found.fetchone() == ("ok",)
            found.close()
            if not is_sound_part and not is_over():
                return None
    except sqlite3.DatabaseError as error:
        code = error.sqlite_errorcode & 0xFF
        if code not in {sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_CORRUPT}:
            raise
        if code == sqlite3.SQLITE_CORRUPT:
            return None
        if not is_over():  # Ctrl-C or SIGTERM: what a handler raises while SQLite works is lost, and interrupts it
            raise KeyboardInterrupt from error
        return done
    finally:
        db.conn.set_progress_handler(None, _STEPS)
    return len(parts)


@contextmanager
def time_limit(db: Database, longest: timedelta) -> Iterator[Callable[[], bool]]:
    """Interrupt what SQLite is doing when so much time is over; yields what tells whether it is."""
    over = Event()

    def end() -> None:
        over.set()
        db.conn.interrupt()

    timer = Timer(longest.total_seconds(), end)
    timer.start()
    try:
        yield over.is_set
    finally:
        timer.cancel()
        timer.join()  # no later statement may be interrupted
