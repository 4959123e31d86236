"""The room of what was blanked and deleted: SQLite keeps it in the file until the file is written anew."""

import sqlite3

from smsreminders.store.database import Database

LARGEST = 256 * 2**20  # bytes: a second of work, and as much memory at most, in which everybody else waits


def give_back(db: Database) -> bool:
    """Write the database anew without the room that nothing is in; tell whether that was done.

    Rows are blanked in place, so their pages stay half empty, and nothing new ever goes there. It is one transaction:
    what dies in it, or finds the disk full, has changed nothing. Not done while another process writes for longer than
    we wait, nor with a database that is larger than LARGEST. No copy of what is in it stands in another file meanwhile
    but for the journal.
    """
    (bytes_,) = db.execute("select page_count * page_size from pragma_page_count, pragma_page_size").fetchone()
    if bytes_ > LARGEST:
        return False
    db.execute("pragma temp_store = memory")
    try:
        db.execute("vacuum")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
