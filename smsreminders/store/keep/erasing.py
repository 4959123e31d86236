"""Erasing a patient: what is blanked, what goes, what stays as a trace; and what comes back."""

import json
from collections.abc import Collection, Iterable
from datetime import date, datetime

from smsreminders.domain.appointments import Appointment
from smsreminders.domain.round.stopped import How, StopEvent
from smsreminders.store.database import Database
from smsreminders.store.keep.patient_known import NUMBERS, REPLIES, TEXTS
from smsreminders.store.tables.stops import STANDS
from smsreminders.store.times import from_text, to_text

_SALT = "(select salt from installation)"
# of the numbers that were theirs, those that no other patient has
_OWN_NUMBERS = (
    f"select e164 from ({NUMBERS})"
    " where e164 not in (select o.e164 from patients o where o.id <> :p and o.e164 is not null)"
)
_PRACTICE = "(select practice_id from patients where id = :p)"
_SOURCES = f"(select id from sources where practice_id = {_PRACTICE})"
_ID = "(select source_id from patients where id = :p)"
_APPOINTMENTS = "(select source_id from appointments where patient_id = :p)"
_STOOD = "p.source_id || ' ' || a.starts_at || ' ' || a.location"  # of what an appointment's trace is made

_WENT = (
    f"insert or replace into erased_appointments select a.id, trace_of({_SALT}, {_STOOD})"
    " from appointments a join patients p on p.id = a.patient_id"
    " where a.patient_id = :p and a.status = 'booked' and a.starts_at > :now"
)


def of_no_other(practice: str) -> str:
    """Write the SQL condition that no practice but this one has a reply: one that was removed doesn't count."""
    return f"""not exists (select 1 from reply_practices x join practices o on o.id = x.practice_id
        where x.reply_id = replies.id and o.id <> {practice} and o.removed_at is null)"""


_BLANKED = (
    "delete from erased_appointments where appointment_id in (select id from appointments where patient_id = :p)",
    _WENT,
    f"""update replies set phone = '', text = '', done_at = coalesce(done_at, :now)
        where id in ({REPLIES}) and {of_no_other(_PRACTICE)}""",
    f"update notification_events set detail = null, reported_at = null where notification_id in ({TEXTS})",
    f"delete from number_words where practice_id = {_PRACTICE} and e164 in ({_OWN_NUMBERS})",
    f"delete from stop_events where practice_id = {_PRACTICE} and e164 in ({_OWN_NUMBERS})",
    f"""delete from said_appointments
        where from_source_id in {_SOURCES} and (patient = {_ID} or source_id in {_APPOINTMENTS})""",
    f"delete from last_lacked where from_source_id in {_SOURCES} and source_id in {_APPOINTMENTS}",
    f"update covers set words = '' where notification_id in ({TEXTS})",
    f"update notifications set phone = '', text = '', reason = null where id in ({TEXTS})",
    f"delete from said_patients where from_source_id in {_SOURCES} and source_id = {_ID}",
    """update appointments set location = '', practitioner = '', type = '', outcome = null, unclear = null,
        missing = null, status = iif(starts_at > :now, 'cancelled', status) where patient_id = :p""",
    "update former_appointments set location = '' where patient_id = :p",
    "update consent_events set by_whom = '', wording = '' where patient_id = :p",
)
_GONE = (  # an id that no record has: a file that names it would find this row
    f"update patients set source_id = 'erased-' || id || '-' || substr(trace_of({_SALT}, source_id), 1, 12),"
    " name = '', phone = '', e164 = null, language = null,"
    " unclear = null, unclear_since = null, erased_at = :now where id = :p"
)


def texts_under_way(db: Database, patient_id: int) -> int:
    """Count the texts of a patient of which the gateway is still to say what became of them."""
    (count,) = db.execute(
        f"select count(*) from notifications where id in ({TEXTS}) and status in ('sending', 'sent', 'uncertain')",
        {"p": patient_id},
    ).fetchone()
    return int(count)


def texts_queued(db: Database, patient_id: int) -> list[int]:
    """List the texts of a patient that wait in the queue."""
    rows = db.execute(f"select id from notifications where id in ({TEXTS}) and status = 'queued'", {"p": patient_id})
    return [id_ for (id_,) in rows]


def references_of(db: Database, patient_id: int) -> list[str]:
    """List the references of a patient's texts."""
    return [
        ref for (ref,) in db.execute(f"select reference from notifications where id in ({TEXTS})", {"p": patient_id})
    ]


def own_numbers(db: Database, patient_id: int) -> list[str]:
    """List the numbers that were a patient's and are no other's."""
    return [number for (number,) in db.execute(_OWN_NUMBERS, {"p": patient_id})]


def perhaps_stops(db: Database, patient_id: int) -> list[tuple[int, str, datetime]]:
    """List the replies that may ask for no more texts, wait, and are blanked: practice, number, when each came."""
    rows = db.execute(
        "select x.practice_id, replies.phone, replies.received_at from replies"
        " join reply_practices x on x.reply_id = replies.id"
        f" where replies.done_at is null and replies.says = 'perhaps-stop' and replies.id in ({REPLIES})"
        f" and {of_no_other(_PRACTICE)} order by replies.id, x.practice_id",
        {"p": patient_id},
    )
    return [(practice_id, e164, from_text(at)) for practice_id, e164, at in rows]


def keep_stops(db: Database, practice_id: int, e164: str) -> None:
    """Keep of a number its trace with each stop that stands: one of each kind, the earliest."""
    db.execute(
        f"insert or ignore into erased_stops select s.practice_id, trace_of({_SALT}, s.e164), s.how, s.at,"
        f" s.recorded_at from stop_events s where s.practice_id = ? and s.e164 = ? and {STANDS} order by s.at",
        [practice_id, e164],
    )


def erased_stops(db: Database, practice_id: int, e164: str) -> list[StopEvent]:
    """List the stops of a number that were kept when it was erased."""
    rows = db.execute(
        f"select at, how from erased_stops where practice_id = ? and trace = trace_of({_SALT}, ?)", [practice_id, e164]
    )
    return [StopEvent(True, from_text(at), How(how)) for at, how in rows]


def erase(db: Database, patient_id: int, now: datetime) -> None:
    """Blank and delete what is known of a patient, and keep the trace of their id. The caller holds the transaction.

    Appointments, texts and events stay as rows without words: bills count them, and what they cover is texted once.
    """
    values = {"p": patient_id, "now": to_text(now)}
    db.execute("insert into erasing values (1)")
    db.execute(
        f"insert or replace into erased_patients select practice_id, trace_of({_SALT}, source_id), :now"
        " from patients where id = :p",
        values,
    )
    for statement in (*_BLANKED, _GONE):
        db.execute(statement, {key: value for key, value in values.items() if f":{key}" in statement})
    db.execute("delete from erasing")


def staged_of_erased(db: Database, practice_id: int, kind: str, file: int) -> list[tuple[int, str, str, str, date]]:
    """Find the staged records of a file about erased patients: number, place, id, the patient's id, the day of it."""
    if not db.execute("select 1 from erased_patients where practice_id = ?", [practice_id]).fetchone():
        return []
    patient = "s.patient" if kind == "appointments" else "s.source_id"
    rows = db.execute(
        f"select s.number, s.place, s.source_id, {patient}, e.at from staged_{kind} s cross join erased_patients e"
        f" on e.practice_id = ? and e.trace = trace_of({_SALT}, {patient})"
        f" where s.file = ? and {patient} is not null order by s.number",
        [practice_id, file],
    )
    return [(number, place, id_, whose, from_text(at).date()) for number, place, id_, whose, at in rows]


def went_with_erased(db: Database, practice_id: int, coming: Iterable[Appointment]) -> dict[str, bool]:
    """Find which of these appointments were to come when their patient was erased, by their ids.

    Each says whether what is told of it now (who, when and where) is what it was then.
    """
    if not db.execute("select 1 from erased_appointments").fetchone():
        return {}
    rows = db.execute(
        f"select a.source_id, e.trace = trace_of({_SALT}, json_extract(t.value, '$[1]')) from json_each(?) t"
        " cross join appointments a on a.practice_id = ? and a.source_id = json_extract(t.value, '$[0]')"
        " join erased_appointments e on e.appointment_id = a.id"
        " join patients p on p.id = a.patient_id and p.erased_at is not null",
        [
            json.dumps(
                [(each.source_id, f"{each.patient} {to_text(each.starts_at)} {each.location}") for each in coming]
            ),
            practice_id,
        ],
    )
    return {source_id: bool(same) for source_id, same in rows}


def welcome(db: Database, practice_id: int, source_id: str) -> bool:
    """Forget that a patient of this id was erased; tell whether that was so."""
    values = [practice_id, source_id]
    deleted = db.execute(f"delete from erased_patients where practice_id = ? and trace = trace_of({_SALT}, ?)", values)
    return deleted.rowcount > 0


def stop_again(db: Database, practice_id: int, source_ids: Collection[str] | None = None) -> None:
    """Stop again what was stopped when it was erased: the numbers of these patients, or of all of a practice."""
    if not db.execute("select 1 from erased_stops where practice_id = ?", [practice_id]).fetchone():
        return
    back = (
        f"select distinct e.trace, p.e164 from patients p cross join erased_stops e on e.practice_id = p.practice_id"
        f" and e.trace = trace_of({_SALT}, p.e164) where p.practice_id = :practice and p.e164 is not null"
        " and (:ids is null or p.source_id in (select value from json_each(:ids)))"
    )
    values = {"practice": practice_id, "ids": None if source_ids is None else json.dumps(list(source_ids))}
    for trace, e164 in db.execute(back, values).fetchall():
        db.execute(
            "insert into stop_events (practice_id, e164, stopped, at, how, by_whom, recorded_at)"
            " select practice_id, ?, 1, at, how, '', recorded_at from erased_stops"
            " where practice_id = ? and trace = ?",
            [e164, practice_id, trace],
        )
        db.execute("delete from erased_stops where practice_id = ? and trace = ?", [practice_id, trace])
