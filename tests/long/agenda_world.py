"""A made-up practice as its own record has it, night after night: bookings, moves, holidays, leave, a closed day.

It knows nothing of the program: it has patients and slots, what is booked in them, and writes what an export says.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from smsreminders.domain.appointments import Booking
from smsreminders.importers.records import AppointmentRecord, PatientRecord
from tests.long.model import free_days, to_utc

AHEAD = 60  # days for which appointments are made
SPAN = 28  # days that an export covers, from its own day on
FULL = 0.85  # of the slots of a day, once it is there
CANCELS, MOVES, NEW_NUMBER, NEW_NAME, NEW_PATIENT = 0.012, 0.012, 0.001, 0.0003, 0.2  # a night, each for itself
MOVED_OF_CLOSED = 0.7  # of the appointments of a day that falls out; the others are cancelled
_OPENS = time(8, 30)


class Slot(NamedTuple):
    """A place in the agenda: a day, whose, and the number of the half hour."""

    day: date
    practitioner: str
    place: int

    @property
    def starts_at(self) -> datetime:
        """When it begins, in UTC."""
        return to_utc(datetime.combine(self.day, _OPENS) + timedelta(minutes=30 * self.place))


@dataclass
class Visit:
    """An appointment of the record."""

    id: str
    patient: int
    slot: Slot
    cancelled: bool = False


@dataclass
class Habits:
    """How a practice works and exports; `tells` are the columns beside patient and start."""

    practitioners: int
    slots: int
    order: str = "start"  # the order of its rows: start, practitioner or id
    cancelled_are_told: bool = False
    tells: tuple[str, ...] = ("name", "phone", "practitioner")
    prefix: str = ""  # of its ids: none, so that they are those of other practices too


@dataclass
class World:
    """The record of a practice."""

    draw: random.Random
    habits: Habits
    today: date
    visits: dict[Slot, Visit] = field(default_factory=dict)
    cancelled: list[Visit] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    away: set[tuple[date, str]] = field(default_factory=set)  # days on which a practitioner isn't there
    _last: int = 1000

    def __post_init__(self) -> None:
        """Fill the days ahead as they are filled on an ordinary night."""
        for distance in range(AHEAD):
            self._fill(self.today + timedelta(days=distance), FULL * (1 - distance / AHEAD))

    @property
    def practitioners(self) -> list[str]:
        """Their names."""
        return [f"Behandelaar {number}" for number in range(1, self.habits.practitioners + 1)]

    def sleep(self) -> None:
        """Go on to the next day, on which people book, cancel, move, and get another number or name."""
        self.today += timedelta(days=1)
        self.visits = {slot: visit for slot, visit in self.visits.items() if slot.day >= self.today}
        for distance in range(AHEAD):
            self._fill(self.today + timedelta(days=distance), FULL / AHEAD)
        for slot in list(self.visits):
            if self.draw.random() < CANCELS:
                self._cancel(slot)
            elif self.draw.random() < MOVES:
                self._move(slot)
        for patient in range(len(self.numbers)):
            if self.draw.random() < NEW_NUMBER:
                self.numbers[patient] = self._a_number()
            if self.draw.random() < NEW_NAME:
                self.names[patient] = self._a_name()

    def take_leave(self, practitioner: str, first: date, days: int) -> None:
        """Let a practitioner be away: who was booked is moved, or cancelled."""
        for distance in range(days):
            self.away.add((first + timedelta(days=distance), practitioner))
        self._clear()

    def close(self, day: date) -> None:
        """Let nobody be there on a day."""
        self.away |= {(day, practitioner) for practitioner in self.practitioners}
        self._clear()

    def export(self) -> list[AppointmentRecord]:
        """What the record says of the days from today on."""
        first = self.today
        visits = [*self.visits.values(), *(self.cancelled if self.habits.cancelled_are_told else ())]
        shown = [visit for visit in visits if first <= visit.slot.day < first + timedelta(days=SPAN)]
        keys = {
            "start": lambda visit: (visit.slot.starts_at, visit.slot.practitioner),
            "practitioner": lambda visit: (visit.slot.practitioner, visit.slot.starts_at),
            "id": lambda visit: (len(visit.id), visit.id),
        }
        return [self._row(line, visit) for line, visit in enumerate(sorted(shown, key=keys[self.habits.order]), 2)]

    def _row(self, line: int, visit: Visit) -> AppointmentRecord:
        tells, prefix = self.habits.tells, self.habits.prefix
        patient = PatientRecord(
            "",
            f"{prefix}{visit.patient}",
            name=self.names[visit.patient] if "name" in tells else None,
            phone=self.numbers[visit.patient] if "phone" in tells else None,
        )
        return AppointmentRecord(
            f"line {line}",
            visit.id,
            patient,
            visit.slot.starts_at,
            booking=Booking.CANCELLED if visit.cancelled else Booking.BOOKED,
            practitioner=visit.slot.practitioner if "practitioner" in tells else None,
        )

    def _open(self, day: date) -> Iterator[Slot]:
        """List the places of a day that are free."""
        if day.weekday() >= 5 or day in free_days(day.year):
            return
        for practitioner in self.practitioners:
            if (day, practitioner) in self.away or self._day_off(practitioner) == day.weekday():
                continue
            for place in range(self.habits.slots):
                if (slot := Slot(day, practitioner, place)) not in self.visits:
                    yield slot

    def _day_off(self, practitioner: str) -> int | None:
        """Of several practitioners each has a weekday off."""
        return self.practitioners.index(practitioner) % 5 if self.habits.practitioners > 1 else None

    def _fill(self, day: date, chance: float) -> None:
        for slot in list(self._open(day)):
            if self.draw.random() < chance:
                self._last += 1
                self.visits[slot] = Visit(f"{self.habits.prefix}{self._last}", self._somebody(), slot)

    def _somebody(self) -> int:
        if not self.numbers or self.draw.random() < NEW_PATIENT:
            self.numbers.append(self._a_number())
            self.names.append(self._a_name())
            return len(self.numbers) - 1
        return self.draw.randrange(len(self.numbers))

    def _a_number(self) -> str:
        return f"06-{self.draw.randrange(10_000_000, 100_000_000)}"

    def _a_name(self) -> str:
        letters = "abcdefghijklmnopqrstuvwxyz"
        return "".join(self.draw.choice(letters) for _ in range(8)).title()

    def _cancel(self, slot: Slot) -> None:
        visit = self.visits.pop(slot)
        visit.cancelled = True
        self.cancelled.append(visit)

    def _move(self, slot: Slot) -> None:
        """Move an appointment to a free place of the three weeks after it, or cancel it if there is none."""
        free = [new for distance in range(1, 22) for new in self._open(slot.day + timedelta(days=distance))]
        if not free:
            self._cancel(slot)
            return
        visit = self.visits.pop(slot)
        visit.slot = self.draw.choice(free[: 3 * self.habits.slots])
        self.visits[visit.slot] = visit

    def _clear(self) -> None:
        for slot in [slot for slot in self.visits if (slot.day, slot.practitioner) in self.away]:
            if self.draw.random() < MOVED_OF_CLOSED:
                self._move(slot)
            else:
                self._cancel(slot)
