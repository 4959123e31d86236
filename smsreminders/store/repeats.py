"""Staged rows of one file that tell of the same: only those that may contradict each other come back."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from smsreminders.store.database import Database


class StagedRow(NamedTuple):
    """A row with what it says, to be compared; `about` is what several rows tell of. A bad row has no id."""

    about: tuple[str, ...]
    line: int
    id: int | None
    source_id: str
    content: tuple[Any, ...]


_OF_PATIENT = "s.name, s.phone, s.language, s.consent"
_ROWS = {  # where they stand, and their content
    "patients": ("staged_patients", _OF_PATIENT),
    "appointments": (
        "staged_agenda",
        f"s.patient_source_id, {_OF_PATIENT}, s.starts_at, s.ends_at, s.status, s.location, s.practitioner",
    ),
}


def rows_of_one_id(db: Database, kind: str, file: int) -> Iterator[StagedRow]:
    """Patients or appointments whose id stands in a file more than once, bad rows too: by id, in their order."""
    table, content = _ROWS[kind]
    nothing = ", ".join("null" for _ in content.split(","))
    rows = db.execute(
        f"with again as (select source_id from staged_{kind} where file = :file group by source_id having count(*) > 1"
        " union select e.source_id from staged_errors e where e.file = :file"
        f" and exists (select 1 from staged_{kind} g where g.source_id = e.source_id and g.file = :file))"
        f" select s.source_id, s.line, s.id, {content} from again r"
        f" cross join {table} s on s.source_id = r.source_id and s.file = :file union all"
        f" select e.source_id, e.line, null, {nothing} from again r"
        " cross join staged_errors e on e.source_id = r.source_id and e.file = :file order by 1, 2, 3",
        {"file": file},
    )
    for source_id, line, id_, *content in rows:
        yield StagedRow((source_id,), line, id_, source_id, tuple(content))


def consents_of_one_time(db: Database, file: int) -> Iterator[StagedRow]:
    """Consents of which a file has several of one patient and time (or without a time); the first cell is `given`."""
    rows = db.execute(
        "select s.source_id, r.moment, s.line, s.id, s.given, s.how, s.by_whom, s.wording from"
        " (select source_id, coalesce(at, '') as moment from staged_consents where file = :file"
        " group by 1, 2 having count(*) > 1) r"
        " cross join staged_consents s"
        " on s.source_id = r.source_id and s.file = :file and coalesce(s.at, '') = r.moment order by 1, 2, 3, 4",
        {"file": file},
    )
    for source_id, moment, line, id_, *content in rows:
        yield StagedRow((source_id, moment), line, id_, source_id, tuple(content))


def rows_of_one_patient(db: Database, file: int) -> Iterator[StagedRow]:
    """Appointments of patients of whom a file says several things: by patient, in their order."""
    several = " or ".join(
        f"min(w.{column}) is not max(w.{column}) or count(w.{column}) not in (0, count(*))"
        for column in ("name", "phone", "language", "consent")
    )
    rows = db.execute(
        "with again as"
        " (select source_id from staged_patients where file = :file group by source_id having count(*) > 1),"
        " differing as (select w.source_id from again r"
        " cross join staged_patients w on w.source_id = r.source_id and w.file = :file"
        f" group by w.source_id having {several})"
        f" select s.patient_source_id, s.line, s.id, s.source_id, {_OF_PATIENT} from staged_agenda s"
        " where s.file = :file and s.patient in (select id from staged_patients"
        " where file = :file and source_id in (select source_id from differing)) order by 1, 2, 3",
        {"file": file},
    )
    for patient, line, id_, source_id, *content in rows:
        yield StagedRow((patient,), line, id_, source_id, tuple(content))
