"""The access log: what somebody changes or looks at is done only with its line, and the log is proved whole."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.keep.access import Access, Broken, Verb, find_broken, find_other_end, purged_to
from smsreminders.store.database import Database, one_view, write_transaction
from smsreminders.store.keep.access import all_lines, append_line, base_mark, ids_of, last_mark
from smsreminders.store.keep.access_head import head_beside, open_head
from smsreminders.store.keep.purging import last_old_line, purge_lines


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom a change is about: the row ids of practices, each with those of its patients; and a note without names."""

    of: dict[int | None, set[int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, practice_id: int | None, *patient_ids: int) -> None:
        """Add patients of a practice; without one the practice itself."""
        self.of.setdefault(practice_id, set()).update(patient_ids)


@contextmanager
def recorded(db: Database, access: Access, verb: Verb = Verb.CHANGED) -> Iterator[Touched]:
    """Open a write transaction that ends with a line of the access log for each practice that was touched.

    Both are written, or nothing is. Raises AdministratorNeeded and OSError where the log can't be written.
    """
    with ExitStack() as held:
        with write_transaction(db):
            touched = Touched()
            yield touched
            if not touched.of:
                return
            head, present = held.enter_context(open_head(db)), last_mark(db)
            for practice_id, patient_ids in touched.of.items():
                mark = append_line(db, access, verb, practice_id, patient_ids, "; ".join(touched.notes))
            head.expect(present, mark)
        head.reach(mark)


def look(db: Database, access: Access, seen: Iterable[tuple[str, str | None]], verb: Verb = Verb.LOOKED) -> None:
    """Write who looks at patients in full: to be called before anything is shown.

    `seen` are codes of practices, each with the id of a patient, or None where only the practice is known.
    """
    with recorded(db, access, verb) as touched:
        for practice_id, patient_ids in ids_of(db, seen).items():
            touched.add(practice_id, *patient_ids)


def purge_log(db: Database, access: Access, before: datetime) -> int:
    """Delete the lines of the log before a moment, with a line that says up to which; return how many."""
    with ExitStack() as held:
        with write_transaction(db):
            base = last_old_line(db, before)
            if base is None:
                return 0
            head, present = held.enter_context(open_head(db)), last_mark(db)
            mark = append_line(db, access, Verb.PURGED, None, [], purged_to(base))
            count = purge_lines(db, base)
            head.expect(present, mark)
        head.reach(mark)
    return count


WHAT_TO_DO = (
    "was a backup put back, or the file left behind in a move, `smsreminders reconcile` notes it in the log; "
    "else keep a copy (`smsreminders backup FILE`) and find out who can write the database"
)


def verify(db: Database) -> Broken | None:
    """Find the first line that isn't as it was written; None if the log is whole."""
    with one_view(db):
        base = base_mark(db)  # first: from now on nobody commits a line, of which the head would know before this view
        return find_broken(all_lines(db), head_beside(db), base)


def verify_end(db: Database) -> Broken | None:
    """Find that the log ends otherwise than was kept beside the database: it was cut off, put back or went on."""
    with one_view(db):
        at = last_mark(db)
        return find_other_end(at, head_beside(db))


def anchor(db: Database, access: Access) -> bool:
    """Take the log as it is where its end isn't the one that was kept, with a line that says so; tell if that was so.

    For a database that was put back from a backup: its log lacks the lines since.
    """
    with ExitStack() as held:
        with write_transaction(db):
            head, present = held.enter_context(open_head(db)), last_mark(db)
            known = head.known
            if known.fits(present) and known.lost is None:
                return False
            lost = known.lost or known.last
            mark = append_line(db, access, Verb.ANCHORED, None, [], f"known were lines up to {lost}")
            head.anchor(present, mark)
        head.reach(mark)
    return True
