"""A practice that leaves: its own database, to take along."""

from dataclasses import replace
from pathlib import Path

from smsreminders.domain.keep.access import Access, Verb
from smsreminders.domain.practices import Practice
from smsreminders.errors import AdministratorNeeded
from smsreminders.jobs.bill.close import AsCsv, digest_of
from smsreminders.jobs.keep.access import recorded
from smsreminders.store.backup import extract
from smsreminders.store.bill.closed import ClosedPeriod, closed_periods, contents, lines_of, totals_of_month
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.keep import leaving


def export_practice(db: Database, practice: Practice, target: Path, *, access: Access, as_csv: AsCsv) -> None:
    """Copy what is of one practice into a database of its own: a new file, that has no byte of another's.

    It gets its name only when it is whole and the access log has who took which patients with it. Closed months stay
    closed, each with the practice's own lines and a CSV of these. Raises UsageError if the file exists.
    """

    def of_it_only(copy: Database) -> None:
        with write_transaction(copy), leaving.unsealed(copy):
            leaving.keep_only(copy, practice.id)
            for month in closed_periods(copy):
                leaving.reseal(copy, _of_what_is_left(copy, month, as_csv))
        if not leaving.is_consistent(copy):
            raise AdministratorNeeded(
                f"what was copied for {practice.code} isn't consistent: run `smsreminders check`; nothing was exported"
            )

    with extract(db, target, of_it_only) as copy, recorded(db, access, Verb.EXPORTED) as touched:
        touched.add(practice.id, *leaving.patient_ids(copy, practice.id))


def _of_what_is_left(copy: Database, month: ClosedPeriod, as_csv: AsCsv) -> ClosedPeriod:
    csv = as_csv(lines_of(copy, month), totals_of_month(copy, month), month.terms.currency)
    return replace(month, csv=csv, csv_sha256=digest_of(csv), contents_sha256=digest_of(contents(copy, month)))
