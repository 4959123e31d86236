"""All that the database knows of a patient and of the numbers that were theirs, table by table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smsreminders.store.database import Database

Row = dict[str, Any]

# p: the patient's row id; numbers: theirs now, those that their texts went to, those that a file named
NUMBERS = """
    select e164 from patients where id = :p and e164 is not null
    union select phone from notifications where patient_id = :p and phone <> ''
    union select number_of(d.phone, (select country from installation)) from said_patients d
        join sources s on s.id = d.from_source_id join patients p on p.practice_id = s.practice_id
        and p.source_id = d.source_id where p.id = :p and coalesce(d.phone, '') <> ''
        and number_of(d.phone, (select country from installation)) is not null"""
# the texts that went to the patient, or told of an appointment of theirs
TEXTS = """
    select id from notifications where patient_id = :p
    union select c.notification_id from covers c join appointments a on a.id = c.appointment_id
        where a.patient_id = :p"""
# the replies that may be about an appointment of theirs, or came from a number of theirs that nobody else has
REPLIES = f"""
    select k.reply_id from reply_appointments k join appointments a on a.id = k.appointment_id where a.patient_id = :p
    union select r.id from replies r where r.phone in ({NUMBERS}) and not exists (
        select 1 from patients o where o.e164 = r.phone and o.id <> :p)"""

_QUERIES = {
    "patient": """
        select c.code as practice, p.source_id as id, p.name, p.phone, p.e164 as number, p.language, p.unclear,
            p.unclear_since
        from patients p join practices c on c.id = p.practice_id where p.id = :p""",
    "numbers": f"select e164 as number from ({NUMBERS}) order by 1",
    "consents": """
        select channel, given, at, how, by_whom as by, wording, recorded_at
        from consent_events where patient_id = :p order by at, id""",
    "appointments": """
        select source_id as id, starts_at, ends_at, location, practitioner, type, outcome, status, revision, unclear,
            missing from appointments where patient_id = :p order by starts_at, id""",
    "former_appointments": """
        select a.source_id as appointment, f.revision, f.starts_at, f.location
        from former_appointments f join appointments a on a.id = f.appointment_id where f.patient_id = :p
        order by a.starts_at, a.id, f.revision""",
    "said_of_patient": """
        select s.name as source, d.name, d.phone, d.language, d.consent, d.as_of
        from said_patients d join sources s on s.id = d.from_source_id
        join patients p on p.practice_id = s.practice_id and p.source_id = d.source_id
        where p.id = :p order by s.name""",
    "said_of_appointments": """
        select s.name as source, d.source_id as appointment, d.starts_at, d.ends_at, d.status, d.location,
            d.practitioner, d.type, d.outcome, d.as_of
        from said_appointments d join sources s on s.id = d.from_source_id
        join patients p on p.practice_id = s.practice_id and p.source_id = d.patient
        where p.id = :p order by s.name, d.source_id""",
    "texts": f"""
        select n.id, n.reference, n.phone, n.sender_id, n.text, n.encoding, n.segments, n.status, n.reason, n.gateway,
            n.account, n.gateway_id, n.created_at, n.sent_at, n.delivered_at, n.rehearsed
        from notifications n where n.id in ({TEXTS}) order by n.id""",
    "events": f"""
        select e.notification_id as text, e.at, e.status, e.detail, e.reported_at
        from notification_events e where e.notification_id in ({TEXTS}) order by e.id""",
    "covers": f"""
        select c.notification_id as text, a.source_id as appointment, c.revision, c.occasion, c.attempt
        from covers c join appointments a on a.id = c.appointment_id
        where a.patient_id = :p and c.notification_id in ({TEXTS}) order by 1, 2""",
    "bills": f"""
        select h.notification_id as text, b.period, l.practice, l.kind, h.is_credit as credited, n.segments, l.rate
        from charges h join invoice_lines l on l.id = h.line_id join closed_periods b on b.id = l.period_id
        join notifications n on n.id = h.notification_id
        where h.notification_id in ({TEXTS}) order by h.notification_id, h.is_credit""",
    "stopped": f"""
        select e.e164 as number, e.stopped, e.at, e.how, e.by_whom as by, e.recorded_at from stop_events e
        join patients p on p.practice_id = e.practice_id where p.id = :p and e.e164 in ({NUMBERS}) order by e.id""",
    "number_words": f"""
        select w.e164 as number, w.word, w.at, w.by_whom as by from number_words w
        join patients p on p.practice_id = w.practice_id where p.id = :p and w.e164 in ({NUMBERS}) order by w.id""",
    "replies": f"""
        select r.phone as number, r.answered, r.text, r.says, r.received_at, r.recorded_at, r.done_at, r.done_by as by,
            (select group_concat(id, ', ') from (select distinct a.source_id as id from reply_appointments k
                join appointments a on a.id = k.appointment_id
                where k.reply_id = r.id and k.confirmed = 1 and a.patient_id = :p order by 1)) as confirmed
        from replies r join reply_practices x on x.reply_id = r.id
        join patients p on p.practice_id = x.practice_id where p.id = :p and r.id in ({REPLIES}) order by r.id""",
    "rounds": """
        select r.started_at as round, a.source_id as appointment, o.revision, o.reason
        from round_outcomes o join rounds r on r.id = o.round_id join appointments a on a.id = o.appointment_id
        where a.patient_id = :p order by r.id, a.id""",
    "accesses": """
        select l.number as line, l.at, l.os_user as user, l.by_whom as by, l.command, l.verb, l.note from access_log l
        where exists (select 1 from json_each(l.patients) e where e.value = :p) order by l.number""",
}
_TRUTHS = ("given", "consent", "rehearsed", "credited", "stopped")  # the columns that are yes or no


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a patient, by what it is of: rows of columns with their English names."""

    tables: Mapping[str, Sequence[Row]] = field(repr=False)


def known_of(db: Database, patient_id: int) -> Known:
    """Gather all that is known of a patient, each time as UTC text."""
    return Known({name: [_row(row) for row in db.query(sql, {"p": patient_id})] for name, sql in _QUERIES.items()})


def _row(row: Row) -> Row:
    return {name: bool(value) if name in _TRUTHS and value is not None else value for name, value in row.items()}
