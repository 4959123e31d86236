"""What a file of appointments changes, found while it is read, before the database is locked for the write.

So the reading and the comparison go on side by side, and the lock is held for what is written alone.
"""

from smsreminders.store import changes
from smsreminders.store.database import Database, version


class EarlyLook:
    """The comparison of one file with what is stored, as far as it is staged."""

    def __init__(self, db: Database, practice_id: int, file: int) -> None:
        self._db, self._practice_id, self._file = db, practice_id, file
        self._version = version(db)
        self._seen = 0

    def go_on(self) -> None:
        """Look at what was staged since."""
        changes.know_more_patients(self._db, self._practice_id, self._file, self._seen)
        changes.find_changed_appointments(self._db, self._practice_id, self._file, self._seen)
        self._seen = changes.last_appointment(self._db)

    def holds(self) -> bool:
        """Whether nobody wrote since the first look. Asked with the database locked for the write, it stays so."""
        return version(self._db) == self._version
