"""A newcomer's days with an installed program, from `init` to a practice that leaves, by the commands of the documents.

The README's first hour word for word, then a gateway that sends (a Spryng on 127.0.0.1), cron and systemd, the bill,
the log, a patient's rights, an update, and a way back that is refused. The program runs in a home of its own, with
nothing of this repository; `.ci/wheel` does this with the wheel in an empty environment.

python -m tests.long.newcomer PROGRAM
"""

import argparse
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.commanding import TUESDAY
from tests.gateways.fake_spryng import FakeSpryng
from tests.released import FOLDER

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
NOON, DECEMBER = "2026-11-24T12:00:00+01:00", "2026-12-07T09:00:00+01:00"
SYSTEMD = shutil.which("systemd-analyze")
GATEWAY = '[gateway]\nname = "spryng"\nbase_url = "{}"\naccount_reference = "{}"\nsecret_file = "spryng.key"\n'


class NotAsToldError(Exception):
    """What went otherwise than the documents say."""


@dataclass
class Home:
    """A home with nothing in it but what the commands make, at a moment."""

    folder: Path
    program: Path
    now: str = TUESDAY

    @property
    def config(self) -> Path:
        return self.folder / ".config" / "smsreminders" / "config.toml"

    @property
    def database(self) -> Path:
        return self.config.with_name("smsreminders.db")

    def types(self, line: str, *, code: int = 0, shows: str = "") -> str:
        """Type a line at a shell: it ends with this code and shows this; all that it said."""
        environment = {
            "HOME": str(self.folder),
            "PATH": f"{self.program.parent}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "SMSREMINDERS_NOW": self.now,
        }
        words = ["/bin/bash", "-ec", line]
        ended = subprocess.run(
            words,
            env=environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        said = ended.stdout + ended.stderr
        if ended.returncode != code or shows not in said:
            raise NotAsToldError(
                f"{line}\nended with {ended.returncode} in place of {code}, without {shows!r}:\n{said}"
            )
        return said


def first_hour(home: Home) -> None:
    """The README's commands as they stand there; with the sandbox, which sends nothing."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, begin, agenda, _, block, go_on = BLOCK.findall(readme)[:6]
    home.types("smsreminders demo", shows="smsreminders dispatch")
    home.types(re.sub(r"(?m)^\. \.venv/bin/activate.*$", "", begin))
    (home.folder / "agenda.csv").write_text(agenda, encoding="utf-8")
    shown = home.types("smsreminders import --try agenda.csv 2>/dev/null")
    if block.replace("/home/anna", str(home.folder)) not in shown:
        raise NotAsToldError(f"`import --try` doesn't print the block of the README, but\n{shown}")
    said = home.types(go_on, shows="2 rehearsed")
    if "Tandartspraktijk De Linde" not in said:
        raise NotAsToldError(f"no text was shown:\n{said}")


def texts_leave(home: Home, spryng: FakeSpryng) -> None:
    """The gateway is put into the configuration; the round, what became of it, what the desk looks at."""
    (home.config.with_name("spryng.key")).write_text(spryng.api_key, encoding="utf-8")
    (home.config.with_name("spryng.key")).chmod(0o600)
    text = home.config.read_text(encoding="utf-8")
    named = GATEWAY.format(spryng.url, spryng.account_reference)
    home.config.write_text(re.sub(r'(?m)^\[gateway\]\nname = "sandbox".*\n', named, text), encoding="utf-8")
    home.types("smsreminders gateway list", shows="spryng")
    home.types("smsreminders doctor", shows="ok       access log")
    home.types("smsreminders dispatch", shows="2 sent")
    spryng.report("+31612345671", "Sent", "Delivered")
    spryng.report("+31612345672", "Failed", "Absent subscriber")
    home.now = NOON
    home.types("smsreminders poll", shows="1 delivered")
    home.types("smsreminders notifications list", shows="delivered")
    home.types("smsreminders notifications explain 50112", shows="delivered")
    home.types("smsreminders unreached --by anna", shows="06-12345672")
    home.types("smsreminders rounds list")
    home.types("smsreminders page --output page.html && grep -q '<html' page.html")
    home.types("smsreminders check", shows="ok: 2 sent today")
    home.types("smsreminders report --month 2026-11", shows="EUR")


def it_runs_by_itself(home: Home) -> None:
    """The lines of the crontab, and the units, which systemd takes."""
    home.types("smsreminders schedule", shows=f"PATH={home.program.parent}:")
    home.types("mkdir units && smsreminders schedule --systemd --output units", shows="Wrote 18 units")
    if SYSTEMD:
        said = home.types("cd units && systemd-analyze --man=no verify ./*.service ./*.timer || true")
        if wrong := [line for line in said.splitlines() if "smsreminders" in line]:
            raise NotAsToldError("\n".join(["systemd doesn't take the units:", *wrong]))
    home.types("smsreminders backup before.db")


def rights(home: Home) -> None:
    """A month is closed; who looked is listed; a patient has what is known of them, and goes; the practice goes."""
    home.now = DECEMBER
    home.types("smsreminders report --month 2026-11 --close", shows="Closed 2026-11 for good")
    bill = home.types("smsreminders report --month 2026-11 --format csv")
    home.types("smsreminders log list", shows="anna")
    home.types("smsreminders log verify", shows="is whole")
    home.types("smsreminders patient export 1001 --output 1001.json && grep -q 12345671 1001.json")
    home.types("smsreminders patient export 1001 --html --output 1001.html && grep -q '<html' 1001.html")
    home.types("smsreminders patient erase 1001 --yes", shows="Erased patient 1001")
    home.types("smsreminders patient show 1001", code=2)
    home.types("smsreminders purge --dry-run")
    home.types("smsreminders --quiet purge --yes")
    home.types("smsreminders practice export linde --output linde.db && test -s linde.db")
    home.types("smsreminders practice remove linde -n")
    home.types("smsreminders practice remove linde --yes", shows="Removed practice linde")
    home.types("smsreminders log verify", shows="is whole")
    if home.types("smsreminders report --month 2026-11 --format csv") != bill:
        raise NotAsToldError("the closed bill has other bytes now")


def update(home: Home) -> None:
    """A database of each released version is taken over; one of a later version is refused, and stays as it is."""
    for kept in sorted(FOLDER.glob("*.tar.gz")):
        home.types(f"rm {home.database}* && tar xzf {kept} -C {home.database.parent} && smsreminders practice list")
        home.types("smsreminders log verify", shows="is whole")
    with closing(sqlite3.connect(home.database)) as db, db:
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('smsreminders', 'm999_later', '2030-01-01')"
        )
    before = home.database.read_bytes()
    home.types("smsreminders practice list", code=78, shows="was written by a newer smsreminders")
    if home.database.read_bytes() != before:
        raise NotAsToldError("a database of a later version was changed")


def main() -> None:
    """Do all of it, and say nothing where it is as told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path)
    program = parser.parse_args().program.absolute()
    with TemporaryDirectory() as room, FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        home = Home(Path(room), program)
        try:
            first_hour(home)
            texts_leave(home, spryng)
            it_runs_by_itself(home)
            rights(home)
            update(home)
        except NotAsToldError as error:
            raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
