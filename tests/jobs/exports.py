"""What an export leaves in a folder: agendas of rows, written at a moment of the test's clock."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from smsreminders.importers.records import Kind, Layout
from smsreminders.jobs.agenda.orders import PartResult, SourceOrder
from smsreminders.jobs.agenda.sources import run_source
from tests.jobs.bench import Bench
from tests.jobs.builders import ZONE
from tests.jobs.clock import FixedClock

HEADER = "appointment_id;patient_id;patient_name;phone;start;Locatie\n"
HOUR = timedelta(hours=1)


def row(number: int, start: str = "2026-11-25 10:30", place: str = "Utrecht", patient: str = "") -> str:
    """The row of A1 of P1, and so on."""
    return f"A{number};{patient or f'P{number}'};J. Vries;06-12345601;{start};{place}\n"


def agenda(*rows: str) -> str:
    return HEADER + "".join(rows or [row(1), row(2), row(3)])


def written(path: Path, content: str | bytes, at: datetime) -> Path:
    """A file that was written at a moment."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def exported(bench: Bench, content: str = "", *, name: str = "agenda.csv", ago: timedelta = HOUR) -> Path:
    """A file of the bench's folder that was written so long ago."""
    return written(bench.path.parent / name, content or agenda(), bench.clock.now() - ago)


def order(bench: Bench, name: str = "agenda", pattern: str = "agenda*", **more: object) -> SourceOrder:
    """What is asked of a source whose files stand in the bench's folder."""
    plain = SourceOrder(
        name, Kind.APPOINTMENTS, Layout(ZONE, bench.clock.now()), pattern=f"{bench.path.parent}/{pattern}"
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def run(bench: Bench, asked: SourceOrder) -> list[PartResult]:
    return list(run_source(bench.db, asked, clock=bench.clock))


def run_one(bench: Bench, asked: SourceOrder) -> PartResult:
    (part,) = run(bench, asked)
    return part


class WhileWriting(FixedClock):
    """A clock during whose pauses somebody goes on writing a file."""

    def __init__(self, moment: datetime, path: Path, more: str) -> None:
        super().__init__(moment)
        self._path, self._more = path, more

    def pause(self, seconds: float) -> None:
        super().pause(seconds)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(self._more)
