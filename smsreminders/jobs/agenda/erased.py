"""What a file says of patients who were erased is left out, and told: a person took them away on purpose."""

from smsreminders.importers.records import Kind, RowError, Trouble
from smsreminders.jobs.agenda.stage import Staged
from smsreminders.store.agenda import staging
from smsreminders.store.agenda.said import SourceRow
from smsreminders.store.database import Database
from smsreminders.store.keep.erasing import staged_of_erased


def leave_erased_out(db: Database, source: SourceRow, kind: Kind, file: Staged) -> int:
    """Leave out the records of a file that are of erased patients, with a note of each; return how many there are."""
    found = staged_of_erased(db, source.practice_id, kind.value, file.number)
    numbers = [number for number, *_ in found]
    for number, place, source_id, patient, day in found:
        field = file.source.columns.get("patient_id", "patient_id")
        reason = (
            f'the patient "{patient}" was erased on {day}, and no import stores them again: take them out of the '
            f"export, or if they are a patient again, `smsreminders patient add {patient}`"
        )
        file.notes.append(RowError(place, field, reason, source_id, Trouble.NOTE))
        file.forget([number])
    if kind is Kind.APPOINTMENTS:
        staging.set_aside(db, numbers)
    else:
        staging.remove(db, kind.value, numbers)
    staging.forget_people(db, file.number, {patient for _, _, _, patient, _ in found})
    return len(found)
