"""The whole day of a practice, on made-up data in a temporary folder: the real commands, one after another."""

import os
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from smsreminders.cli.context import invocation
from smsreminders.cli.show.output import flush, write
from smsreminders.errors import SmsremindersError

DATA = Path(__file__).parents[1] / "demo"

FRIDAY = "2027-05-14T09:00:00+02:00"  # Whit Monday follows
SATURDAY = "2027-05-15T09:00:00+02:00"
TUESDAY = "2027-05-18T10:00:00+02:00"
JUNE = "2027-06-01T08:00:00+02:00"

STORY = (
    ("A practice sets up, once", FRIDAY, (
        "init --practice 'Huisartsenpraktijk De Linde'",
        "service add --name Notificaties --channel sms --notification-type appointment-reminder",
    )),
    ("Its record exports patients with their consent, and the agenda; one row of it is bad", FRIDAY, (
        f"import {shlex.quote(str(DATA / 'patients.csv'))} --kind patients",
        f"import {shlex.quote(str(DATA / 'agenda.csv'))} --kind appointments",
        "consent withdraw 1021 --how phone --by anna",
        "preview",
    )),
    ("Friday 09:00, Monday is a holiday: the round covers four days", FRIDAY, (
        "dispatch --dry-run",
        "dispatch",
        "poll",
    )),
    ("Later that Friday one appointment is moved and one is cancelled", FRIDAY, (
        "appointment move A22 --start '2027-05-18 16:00'",
        "appointment cancel A23",
    )),
    ("Saturday 09:00: only what changed", SATURDAY, (
        "dispatch",
        "poll",
    )),
    ("Tuesday: no report of one text for 72 hours: it counts as expired and costs nothing", TUESDAY, (
        "poll",
        "notifications list",
        "notifications explain A22",
        "notifications explain A19",
    )),
    ("June: the bill of May, only what was delivered", JUNE, (
        "report --month 2027-05",
    )),
)  # fmt: skip
EXPECTED = {0, 3}  # 3: the bad row


def demo(context: typer.Context) -> None:
    """Run a whole day on made-up data.

    Every command is shown as it is run, then its output. Nothing is sent.

    Example: smsreminders demo
    """
    run = invocation(context).run_again
    with TemporaryDirectory(prefix="smsreminders-demo-") as folder:
        for heading, moment, commands in STORY:
            write(f"\n=== {heading}\n")
            for command in commands:
                write(f"\n$ smsreminders {command.replace(f'{DATA}{os.sep}', '')}\n")
                flush()
                with _environment({"SMSREMINDERS_CONFIG": f"{folder}/config.toml", "SMSREMINDERS_NOW": moment}):
                    code = run(shlex.split(command))
                if code not in EXPECTED:
                    raise SmsremindersError(f"the demo ended early: `{command}` ended with exit code {code}")
    write("\nThat was all. Nothing was sent, and the folder of the demo is gone. Begin with: smsreminders init\n")


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set these variables, and no others that could lead a command out of the demo's folder."""
    ours = [name for name in os.environ if name.startswith("SMSREMINDERS_")]
    before = {name: os.environ.pop(name) for name in ours}
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(name, None)
        os.environ.update(before)
