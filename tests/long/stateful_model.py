"""The model of the stateful test: what an appointment is, which ones a round covers, and who may be texted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time

from smsreminders.domain.notifications import Status
from smsreminders.domain.sending import Outgoing
from tests.long.bench import MORNING, ZONE
from tests.long.setting import name_of


@dataclass(frozen=True, slots=True)
class Told:
    """What the practice said last of an appointment; `revision` counts the texts that its patient should have had."""

    patient: int
    starts_at: datetime
    booked: bool = True
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A notification as the database has it."""

    id: int
    reference: str
    appointment: int
    revision: int
    status: Status


def covers(now: datetime, starts_at: datetime) -> bool:
    """Whether a round covers a start: more than two hours ahead, up to the end of the next working day."""
    last = now.astimezone(ZONE).date() + timedelta(days=1)
    while last.weekday() > 4 or (last.month, last.day) in {(12, 25), (12, 26), (1, 1)}:
        last += timedelta(days=1)
    return now + timedelta(hours=2) < starts_at and starts_at.astimezone(ZONE).date() <= last


def at(day: date, hour: int) -> datetime:
    """The full hour of a day, as a moment."""
    return datetime.combine(day, clock_time(hour), ZONE).astimezone(MORNING.tzinfo)


def reasons_against(sms: Outgoing, told: Told, *, consent: bool | None, number: str, now: datetime) -> Iterator[str]:
    """Say why a text may not go out now; `number` is the patient's, as the practice wrote it."""
    local = told.starts_at.astimezone(ZONE)
    if consent is not True:
        yield "a text without consent"
    if not told.booked:
        yield "a text of a cancelled appointment"
    if sms.phone != "+31" + number[1:]:
        yield "a text to another number"
    if f"{name_of(told.patient)}, " not in sms.text or f"{local:%H:%M}" not in sms.text:
        yield "a text with another name or time"
    if not 8 <= now.astimezone(ZONE).hour < 20:
        yield "a text outside the sending hours"
