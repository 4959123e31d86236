"""Repeats: staged records of one file that are about the same; only those that may contradict each other come back."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from smsreminders.store.database import Database


class RepeatedRow(NamedTuple):
    """A record with what it says, to be compared; `about` is what several are about. A bad row has no content."""

    about: tuple[str, ...]
    number: int
    place: str
    source_id: str
    content: tuple[Any, ...] | None


_OF_PATIENT = "s.name, s.phone, s.language, s.consent, s.unheard"
_CONTENT = {
    "patients": _OF_PATIENT,
    "appointments": f"s.patient, {_OF_PATIENT}, s.starts_at, s.ends_at, s.status, s.location, s.practitioner, s.type,"
    " s.outcome, s.unread",
}


def rows_of_one_id(db: Database, kind: str, file: int) -> Iterator[RepeatedRow]:
    """Give patients or appointments whose id stands in a file more than once, bad rows too: by id, in their order."""
    content = _CONTENT[kind]
    nothing = ", ".join("null" for _ in content.split(","))
    rows = db.execute(
        f"with again as (select source_id from staged_{kind} where file = :file group by source_id having count(*) > 1"
        " union select e.source_id from staged_errors e where e.file = :file"
        f" and exists (select 1 from staged_{kind} g where g.source_id = e.source_id and g.file = :file))"
        f" select s.source_id, s.number, s.place, 1, {content} from again r"
        f" cross join staged_{kind} s on s.source_id = r.source_id and s.file = :file union all"
        f" select e.source_id, e.number, e.place, 0, {nothing} from again r"
        " cross join staged_errors e on e.source_id = r.source_id and e.file = :file order by 1, 2",
        {"file": file},
    )
    for source_id, number, place, is_good, *said in rows:
        yield RepeatedRow((source_id,), number, place, source_id, tuple(said) if is_good else None)


def consents_of_one_time(db: Database, file: int) -> Iterator[RepeatedRow]:
    """Give consents of which a file has several of one patient and time, or without a time; first comes `given`."""
    rows = db.execute(
        "select s.source_id, r.moment, s.number, s.place, s.given, s.how, s.by_whom, s.wording, s.unread from"
        " (select source_id, coalesce(at, '') as moment from staged_consents where file = :file"
        " group by 1, 2 having count(*) > 1) r"
        " cross join staged_consents s"
        " on s.source_id = r.source_id and s.file = :file and coalesce(s.at, '') = r.moment order by 1, 2, 3",
        {"file": file},
    )
    for source_id, moment, number, place, *said in rows:
        yield RepeatedRow((source_id, moment), number, place, source_id, tuple(said))


class Otherwise(NamedTuple):
    """An appointment that says another name or phone of its patient than the first one of the file does."""

    number: int
    place: str
    source_id: str
    first_place: str
    name: str
    phone: str
    first_name: str
    first_phone: str


def otherwise_of_patients(db: Database, file: int) -> Iterator[Otherwise]:
    """Give appointments that say another name or phone of their patient than the first one, be it only in writing."""
    good = "file = :file and held is null and coalesce(status, '') <> 'ignored'"
    rows = db.execute(
        "with several as (select patient from"
        f" (select distinct patient, name, phone from staged_appointments where {good})"
        " group by patient having count(*) > 1)"
        " select s.number, s.place, s.source_id, f.place, coalesce(s.name, ''), coalesce(s.phone, ''),"
        " coalesce(w.name, ''), coalesce(w.phone, '') from several"
        " cross join staged_people w on w.file = :file and w.source_id = several.patient"
        " cross join staged_appointments f on f.number = w.number"
        f" join (select * from staged_appointments where {good}) s on s.patient = several.patient"
        " where s.number <> w.number and s.as_of is w.as_of"
        " and (s.name is not w.name or s.phone is not w.phone) order by s.number",
        {"file": file},
    )
    yield from map(Otherwise._make, rows)
