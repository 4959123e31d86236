"""Two practices with an account each at one company, and a story that holds all a text can be about.

One, two or three appointments of a patient on a day; two reminders (3wd and 1wd); the first of a group that drops out
and one that comes in while texts wait; numbers that fail and give way to others. Both fakes give the same ids.

`story` has the steps after the first round, `prepare` makes the practices, `Fakes` are the accounts, and `broken`
compares what they took with the database, the agenda and the bill.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from smsreminders.domain.segments import count_segments
from tests.gateways.fake_spryng import FakeSpryng
from tests.long.setting import DAY, HEADER, SMS, Practice, Ran, at, doubles_of, must, name_of, plain

CODES = ("linde", "noord")
ACCOUNTS = ("", "noord")
REMINDED, LATER = DAY + timedelta(days=1), DAY + timedelta(days=3)  # one and three working days ahead
LAST = DAY + timedelta(days=2)  # the round of the second reminder for LATER
_CONFIG = """
database = "smsreminders.db"
[schedule]
remind = ["3wd", "1wd"]
[messages.appointment-reminder]
nl = "Beste {{patient}}, kanarietekst: {{day}} {{date}} om {{time}} een afspraak bij {{practice}}."
nl_several = "Beste {{patient}}, kanarietekst: {{day}} {{date}} om {{times}} afspraken bij {{practice}}."
[practices.noord]
gateway = "noord"
{accounts}
"""
_ACCOUNT = """
[{table}]
name = "spryng"
base_url = "{url}"
account_reference = "{account}"
api_key = "{key}"
timeout = "10s"
connections = {connections}
per_second = 1000
"""
_NEITHER = """
    select count(*) from appointments a where not exists (
        select 1 from covers c join notifications n on n.id = c.notification_id
        where c.appointment_id = a.id and c.revision = a.revision and n.status in ('sent', 'delivered', 'failed'))
    and (select reason from round_outcomes o where o.appointment_id = a.id order by round_id desc limit 1) is null
"""
_DAY = re.compile(r"(\d+) november om ([^a-z]*(?:en [^a-z]*)?)")


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment of the practice's own record, by the numbers of its patient and of itself."""

    patient: int
    number: int
    starts_at: datetime
    status: str = "booked"


@dataclass(frozen=True, slots=True)
class Step:
    """A command at a moment; `reports`: the companies know by then what became of each message."""

    words: tuple[str, ...]
    moment: datetime
    is_round: bool = False
    reports: bool = False


class Fakes:
    """A context manager: the two accounts, each a Spryng of its own that counts its ids from the same first one."""

    def __enter__(self) -> "Fakes":
        self._open = ExitStack()
        self.each = [self._open.enter_context(FakeSpryng()) for _ in CODES]
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def journal(self) -> list[dict[str, object]]:
        """What both took, of the first account first."""
        return [taken for spryng in self.each for taken in spryng.journal]

    def move_to(self, moment: datetime) -> None:
        """Let it be this moment at both."""
        for spryng in self.each:
            spryng.now = moment.astimezone(UTC)

    def report_all(self) -> None:
        """Report what both took: numbers that are to fail as failed, the others as delivered."""
        for spryng in self.each:
            for taken in spryng.journal:
                spryng.report(str(taken["reference"]), "Failed" if fails(str(taken["phone"])) else "Delivered")


def prepare(folder: Path, *, patients: int, within: bool = False) -> Practice:
    """Two practices with so many patients each, on the morning of the first round."""
    practice = plain(folder, within=within)
    must(practice, "practice", "add", "noord", "--name", "Praktijk Noord")
    for place, code in enumerate(CODES):
        must(practice, "service", "add", "--practice", code, "--name", "Notificaties", *SMS)
        visits = [visit for number in range(patients) for visit in visits_of(number)]
        must(practice, *export(practice, code, "agenda", [_row(place, visit) for visit in visits]))
    return practice


def point_at(practice: Practice, spryngs: Sequence[FakeSpryng], *, connections: int) -> None:
    """Send to these two accounts from now on."""
    tables = ("gateway", "gateways.noord")
    accounts = "".join(
        _ACCOUNT.format(
            table=table,
            url=spryng.url,
            account=spryng.account_reference,
            key=spryng.api_key,
            connections=connections,
        )
        for table, spryng in zip(tables, spryngs, strict=True)
    )
    practice.config.write_text(_CONFIG.format(accounts=accounts), encoding="utf-8")
    practice.config.chmod(0o600)


def visits_of(patient: int) -> Iterator[Visit]:
    """The appointments of a patient at first: one to three on the next working day, some with one two days later."""
    first = REMINDED + timedelta(hours=12, minutes=5 * (patient % 12))
    for number in range(1 + patient % 3):
        yield Visit(patient, number, first + timedelta(minutes=75 * number))
    if patient % 3 == 0:
        yield Visit(patient, 8, LATER + timedelta(hours=12, minutes=5 * (patient % 12)))


def changes_of(patient: int) -> Iterator[Visit]:
    """What changes after the first round: the first or the last of a group is cancelled, others are added."""
    every = [visit for visit in visits_of(patient) if visit.starts_at < LATER]
    match patient % 6:
        case 1 | 2:
            yield Visit(patient, 0, every[0].starts_at, "cancelled")
        case 5:
            yield Visit(patient, every[-1].number, every[-1].starts_at, "cancelled")
        case 4:
            yield Visit(patient, 6, every[-1].starts_at + timedelta(hours=1))
        case _:
            yield Visit(patient, 7, every[0].starts_at - timedelta(hours=1))


def export(practice: Practice, code: str, name: str, rows: Sequence[str]) -> tuple[str, ...]:
    """Write an export of a practice; the words of the command that imports it."""
    file = practice.files / f"{name}-{code}.csv"
    file.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    file.chmod(0o600)
    return ("import", str(file), "--practice", code, "--kind", "appointments")


def changes(place: int, patients: int) -> list[str]:
    """The rows of what changes between the rounds in the practice at this place of `CODES`."""
    return [_row(place, visit) for patient in range(patients) for visit in changes_of(patient)]


def other_numbers(place: int, patients: int) -> list[str]:
    """The rows that give patients whose number fails another one."""
    failing = [patient for patient in range(patients) if fails(phone(place, patient))]
    return [_row(place, next(visits_in_the_end(patient)), another=True) for patient in failing]


def visits_in_the_end(patient: int) -> Iterator[Visit]:
    """The appointments of a patient that are booked after all changes, by start."""
    last = {visit.number: visit for visit in (*visits_of(patient), *changes_of(patient))}
    yield from sorted((visit for visit in last.values() if visit.status == "booked"), key=lambda v: v.starts_at)


def phone(place: int, patient: int, *, another: bool = False) -> str:
    """The number of a patient, or the other one that is given after the first has failed."""
    return f"+316{12_345_000 + 500 * place + 250 * another + patient}"


def fails(number: str) -> bool:
    """Whether a text to this number never arrives: of every four first numbers one, another one in each practice.

    So a report that went to the notification with the same id of the other account would be seen.
    """
    place, patient = divmod(int(number[-3:]), 500)
    return patient < 250 and patient % 4 == 1 + place


def story(practice: Practice, *, patients: int, once_more: bool = False) -> Iterator[Step]:
    """What comes after the first round; `once_more` has one more on that day, for what two deaths put off."""
    yield from (Step(export(practice, c, "changes", changes(p, patients)), at(9, 5)) for p, c in enumerate(CODES))
    yield Step(("dispatch",), at(9, 11), is_round=True)
    yield Step(("poll",), at(9, 22), reports=True)
    yield from (Step(export(practice, c, "other", other_numbers(p, patients)), at(9, 25)) for p, c in enumerate(CODES))
    yield Step(("dispatch",), at(9, 33), is_round=True)
    yield Step(("poll",), at(9, 44), reports=True)
    if once_more:
        yield Step(("dispatch",), at(9, 55), is_round=True)
        yield Step(("poll",), at(10, 6), reports=True)
    yield Step(("dispatch",), LAST + timedelta(hours=9), is_round=True)
    yield Step(("poll",), LAST + timedelta(hours=9, minutes=30), reports=True)


def told(taken: dict[str, object]) -> list[tuple[datetime, str]]:
    """The appointments that a text names, each as the start of its day and its time."""
    day_named = _DAY.search(str(taken["text"]))
    if day_named is None:
        raise ValueError("a text without a day")
    day = DAY.replace(day=int(day_named[1]))
    return [(day, time) for time in re.findall(r"\d{1,2}:\d{2}", day_named[2])]


def broken(practice: Practice, fakes: Fakes, *, patients: int) -> Counter[str]:
    """Count what was told twice or not at all, what the database doesn't know of, and the cents that differ."""
    journal = fakes.journal
    each = Counter((sms["phone"], _day(sms), *time) for sms in journal for time in told(sms))
    known = dict(practice.ask("select reference, text from notifications"))
    taken = Counter(sms["reference"] for sms in journal)
    covers = practice.ask(
        "select n.reference, c.appointment_id, c.revision, c.occasion, c.attempt from covers c"
        " join notifications n on n.id = c.notification_id"
    )
    covered = Counter[tuple[int, ...]]()
    for reference, *slot in covers:
        covered[tuple(slot)] += taken[reference]
    return Counter(
        {
            "doubles": doubles_of(journal),
            "told twice": each.total() - len(each),
            "covered twice": sum(max(0, texts - 1) for texts in covered.values()),
            "lost": sum(_lost(journal, place, patient) for place in range(len(CODES)) for patient in range(patients)),
            "without text or reason": practice.ask(_NEITHER)[0][0],
            "other texts": sum(known.get(str(sms["reference"])) != sms["text"] for sms in journal),
        }
    )


def most_in_doubt(practice: Practice) -> int:
    """How many notifications of one account are sending or uncertain, at most."""
    rows = practice.ask(
        "select count(*) from notifications where status in ('sending', 'uncertain') group by account order by 1 desc"
    )
    return int(rows[0][0]) if rows else 0


def cents(ran: Ran) -> int:
    """The amount of a bill as `report --format csv` gives it, in cents."""
    lines = csv.DictReader(ran.out.decode().splitlines())
    return sum(int(Decimal(line["amount"]) * 100) for line in lines)


def cents_of(journal: Sequence[dict[str, object]]) -> int:
    """What the journal makes of it: ten cents a segment of what was delivered."""
    return sum(10 * count_segments(str(t["text"])).segments for t in journal if not fails(str(t["phone"])))


def _lost(journal: Sequence[dict[str, object]], place: int, patient: int) -> int:
    """How many appointments of a patient no text was delivered about, nor about an earlier one of the same day."""
    phones = {phone(place, patient), phone(place, patient, another=True)}
    arrived = [time for t in journal if t["phone"] in phones and not fails(str(t["phone"])) for time in told(t)]
    twice = [time for t in journal if t["phone"] in phones and _day(t) == LAST.date() for time in told(t)]
    missing = 0
    for visit in visits_in_the_end(patient):
        day, time = visit.starts_at.replace(hour=0, minute=0), f"{visit.starts_at:%H:%M}"
        among = twice if day == LATER else arrived
        missing += not any(other_day == day and (other == time or other < time) for other_day, other in among)
    return missing


def _day(taken: dict[str, object]) -> object:
    at = taken["at"]
    assert isinstance(at, datetime)
    return at.date()


def _row(place: int, visit: Visit, *, another: bool = False) -> str:
    number = 500 * place + visit.patient
    phone_ = phone(place, visit.patient, another=another)
    return (
        f"A{visit.patient:03d}-{visit.number},P{visit.patient:03d},{visit.starts_at:%Y-%m-%d %H:%M},,{visit.status},,"
        f"Kanarie Tandarts,{name_of(number)},{phone_},nl,yes"
    )
