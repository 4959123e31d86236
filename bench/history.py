"""What the history costs: a round, a poll and the choice among many notifications of the past, against few."""

import os
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.choice import CONSENTS, NOTIFICATIONS, PATIENTS, plan
from bench.filled import COVERS, NUMBERS, OTHER_CHANCE, PRACTICES, make
from bench.measure import Figure, Goal, must, seconds_of, times
from bench.size import Size

_OF_A_PRACTICE = 100  # patients
_NOW = "2026-11-23T09:00:00+01:00"  # the Monday of bench.choice
# one after another by their practices: the past, which ends two months before the round, then those of Tuesday
_APPOINTMENTS = f"""{NUMBERS} insert into appointments (id, practice_id, source_id, patient_id, starts_at, location,
        practitioner, type, status, revision)
    select n, n % {PRACTICES} + 1, 'A' || n, n % {PRACTICES} * :patients + n / {PRACTICES} % :patients + 1,
        strftime('%Y-%m-%dT%H:%M:00Z', '2026-11-24 07:30',
            (case when n > :past then 0 else n * 640 / :past - 700 end) || ' days',
            ({OTHER_CHANCE} % 540) || ' minutes'),
        'Kamer ' || n % 9, 'Dr. Jansen', '', 'booked', 1
    from ids"""
_EVENTS = """insert into notification_events (notification_id, at, status)
    select id, sent_at, 'sent' from notifications union all select id, delivered_at, status from notifications"""
_ROUND = "insert into rounds (id, started_at) values (1, '2026-09-01T07:00:00Z')"
_OUTCOMES = "insert into round_outcomes (appointment_id, round_id, revision) select id, 1, 1 from notifications"
_SOURCES = """insert into sources (id, practice_id, name, kind, fields)
    select id, id, 'agenda', 'appointments', '{}' from practices"""
_IMPORTS = """insert into imports (practice_id, kind, file, from_source_id, content, at, rows_read, rejected)
    select practice_id, 'appointments', 'agenda.csv', practice_id, id, starts_at, 70, 0 from appointments
        where id % 70 = 0
    union all select id, 'appointments', 'agenda.csv', id, 'last', '2026-11-22T23:00:00Z', 70, 0 from practices"""


def run(size: Size) -> Iterator[Figure]:
    """Three commands' work with the same due, the same open and the same patients: what differs is what was before.

    A round and a poll are run in this process, from the reading of the configuration on. The first round of the day
    checks the file and sends what is due; the ones that are measured ask all that a round asks, and have nothing to
    send. The next poll asks for the tenth of it that got no report.
    """
    with tempfile.TemporaryDirectory() as folder:
        many, few = (Path(folder) / name for name in ("many.db", "few.db"))
        due = size.due // 10
        for path, past in ((many, size.notifications), (few, size.few)):
            _fill(path, past, due)
            for command in ("dispatch", "poll"):
                _command(path, command)
        works = {"a round": partial(_command, words="dispatch"), "a poll": partial(_command, words="poll")}
        for what, work in (*works.items(), (f"choice of {due:,}", partial(_choice, due=due))):
            yield times(
                partial(work, many),
                partial(work, few),
                turns=size.turns,
                goal=Goal(1.5),
                what=f"{what} after {size.notifications:,}",
                against=f"after {size.few:,}",
            )


def _fill(path: Path, past: int, due: int) -> None:
    patients = {"patients": _OF_A_PRACTICE}
    make(
        path,
        [
            (PATIENTS, {"ids": PRACTICES * _OF_A_PRACTICE, **patients}),
            (CONSENTS, {}),
            (_APPOINTMENTS, {"ids": past + due, "past": past, **patients}),
            (NOTIFICATIONS, {"every": 1}),
            (COVERS, {}),
            *((statement, {}) for statement in (_EVENTS, _ROUND, _OUTCOMES, _SOURCES, _IMPORTS)),
        ],
    )
    settings = f'database = "{path.name}"\n[gateway]\nname = "sandbox"\nper_second = 10000\n'
    path.with_suffix(".toml").write_text(settings, encoding="utf-8")
    path.with_suffix(".toml").chmod(0o600)


def _command(path: Path, words: str) -> float:
    """The seconds of a command in this process."""
    from smsreminders.cli.main import run as command

    os.environ["SMSREMINDERS_NOW"] = _NOW
    codes: list[int] = []
    arguments = ["--config", str(path.with_suffix(".toml")), "--quiet", words]
    seconds = seconds_of(lambda: codes.append(command(arguments)))
    must(codes == [0], f"{words} ended with {codes}")
    return seconds


def _choice(path: Path, due: int) -> float:
    seconds, found = plan(path)
    must(found == due, f"{found} are due in {path.name}, not {due}")
    return seconds
