"""The model of the stateful test: what an appointment is, which reminder a round owes it, and who may be texted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import NamedTuple

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Outgoing
from smsreminders.domain.text.message import Wording
from tests.long.bench import MORNING, ZONE
from tests.long.bench import WORDING as WORDING_OF_ONE
from tests.long.setting import name_of

WORDING = Wording(
    WORDING_OF_ONE.templates,
    family={"nl": "{count} kanarieafspraken op {day} {date}, de eerste om {time} bij {practice}."},
)
ASKS = "Geen sms meer graag"  # a reply that may ask for no more texts
APART = timedelta(hours=20)  # at least so far apart are two reminders of one revision


@dataclass(frozen=True, slots=True)
class Told:
    """What the practice said last of an appointment; `revision` counts the texts that its patient should have had."""

    patient: int
    starts_at: datetime
    booked: bool = True
    revision: int = 1

    @property
    def day(self) -> date:
        """The local date."""
        return self.starts_at.astimezone(ZONE).date()


class Slot(NamedTuple):
    """An appointment's reminder: at most one text is for it, ever."""

    appointment: int
    revision: int
    occasion: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Row:
    """A notification as the database has it; `slots` are what it covers, its own first."""

    id: int
    reference: str
    status: Status
    phone: str
    slots: tuple[Slot, ...]


Words = tuple[str, int, datetime]  # the number as written, the patient, the start


@dataclass(frozen=True, slots=True)
class Went:
    """A request that left for an appointment, with what it says of it.

    `taken`: the gateway has it. `perhaps`: so it is as far as the program could know then.
    """

    slot: Slot
    reference: str
    at: datetime
    words: Words
    taken: bool
    perhaps: bool


def occasion_of(now: datetime, starts_at: datetime, remind: Sequence[int]) -> int | None:
    """The nearest occasion by which a round covers a start; None where it covers it by none.

    It starts more than two hours ahead, up to the end of the n-th working day after today.
    """
    if starts_at <= now + timedelta(hours=2):
        return None
    day, last, passed = starts_at.astimezone(ZONE).date(), now.astimezone(ZONE).date(), 0
    for days in sorted(remind):
        while passed < days:
            last += timedelta(days=1)
            free = last.weekday() > 4 or (last.month, last.day) in {(12, 25), (12, 26), (1, 1)}
            passed += not free
        if day <= last:
            return days
    return None


def at(day: date, hour: int) -> datetime:
    """The full hour of a day, as a moment."""
    return datetime.combine(day, clock_time(hour), ZONE).astimezone(MORNING.tzinfo)


def reasons_against(sms: Outgoing, covered: Sequence[Told], *, now: datetime) -> Iterator[str]:
    """Say what is wrong with a text of these appointments: what it says, what it tells of others, or when it leaves."""
    times = [f"{told.starts_at.astimezone(ZONE):%H:%M}" for told in covered]
    names = {name_of(told.patient) for told in covered}
    if not all(told.booked for told in covered):
        yield "a text of a cancelled appointment"
    if len({told.day for told in covered}) != 1 or list(covered) != sorted(covered, key=lambda told: told.starts_at):
        yield "a text of several days, or in another order"
    if len(names) > 1:
        if any(name in sms.text for name in names) or f"{len(covered)} kanarieafspraken" not in sms.text:
            yield "a text of several patients with a name or another count"
        times = times[:1]
    elif f"{names.pop()}, " not in sms.text:
        yield "a text with another name"
    if re.findall(r"\d\d:\d\d", sms.text) != list(dict.fromkeys(times)):
        yield "a text with another time"
    if not 8 <= now.astimezone(ZONE).hour < 20:
        yield "a text outside the sending hours"
