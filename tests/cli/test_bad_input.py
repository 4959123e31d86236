"""Whatever a user or a machine gets wrong: one clear line, the right exit code, no traceback, nothing half done."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Ended, Program, discreet

READING, WRITING = "patient list", "patient add 2001 --name Canaria"


def refused(ended: Ended, code: int, message: str) -> None:
    """One line that tells this, and this exit code."""
    assert (ended.code, ended.out, len(ended.said)) == (code, "", 1), ended
    assert ended.err.startswith("smsreminders: ")
    assert message in ended.err


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ("database = ", "config.toml is not TOML: Invalid value (at end of document)"),
        ("database = 3", 'config.toml: database: write it as text, in quotes: "..."'),
        ('databse = "x"', 'config.toml: databse: unknown key; did you mean "database"?'),
        ('time_zone = "Amsterdam"', 'time_zone: no such time zone; write it like "Europe/Amsterdam"'),
        ('language = "Nederlands"', '"Nederlands" is no language'),
        ("[schedule]\ndaily_limits = 5", 'schedule.daily_limits: unknown key; did you mean "daily_limit"?'),
        ('[schedule]\ndaily_limit = "5"', "schedule.daily_limit: write a whole number from 0 to 1000000"),
        ('[schedule]\nminimum_notice = "2"', 'schedule.minimum_notice: write a duration like "10s", "90m"'),
        ('[schedule]\nworking_days = ["monday"]', 'did you mean "mon"?'),
        ('[schedule]\nsending_hours = ["20:00", "08:00"]', "the first time must be before the second"),
        ('[messages.appointment-reminder]\nnl = "{naam}"', 'unknown placeholder "naam"'),
        ('language = "it"', "there is no text in the language of the configuration"),
        ('[messages]\nplain_letters = "yes"', "messages.plain_letters: write true or false"),
        ('[billing]\nrate = "0,10"', '"0,10" is no amount: write it like 0.10'),
        ("[billing]\nrate = 0.10", 'billing.rate: write it as text, in quotes: "..."'),
        ('gateway = "spryng"', "gateway: it is a table: write [gateway]"),
        ('[gateway]\nconnections = 0\nname = "spryng"', "gateway.connections: write a whole number from 1 to 256"),
    ],
)
@pytest.mark.parametrize("command", [READING, "dispatch"])
def test_a_broken_configuration_needs_the_administrator(
    agenda: Program, configuration: str, message: str, command: str
) -> None:
    agenda.configure(configuration)
    before = agenda.database.read_bytes()
    refused(agenda(command), 78, message)
    assert agenda.database.read_bytes() == before


@pytest.mark.parametrize(
    ("gateway", "message"),
    [
        ('name = "spring"', 'gateway.name = "spring": no such gateway; did you mean "spryng"?'),
        ('api_kee = "canary-key"', "gateway.api_kee: sandbox has no such key"),
        ('name = "spryng"\nbase_url = "http://127.0.0.1:1"', "gateway.api_key is missing"),
        (
            'name = "spryng"\napi_key = "canary-key"\naccount_reference = "x"\nbase_url = "http://127.0.0.1:1"',
            "gateway.account_reference: that can't be it",
        ),
        (
            'name = "spryng"\napi_key = "canary-key"\naccount_reference = "SPNL1"\nbase_url = "http://127.0.0.1:1/v2"',
            'gateway.base_url: write scheme, host and port only, like "https://host:port"',
        ),
        ('name = "spryng"\nbase_url = "http://127.0.0.1:1"\nsecret_file = "nowhere"', "gateway.secret_file: "),
        (
            'name = "spryng"\nbase_url = "http://127.0.0.1:1"\nsecret_env = "NOWHERE"',
            "the environment variable NOWHERE is not set",
        ),
    ],
)
def test_a_gateway_that_can_not_be_used_needs_the_administrator_before_anything_is_planned(
    agenda: Program, gateway: str, message: str
) -> None:
    agenda.configure(f"[gateway]\n{gateway}\n")
    before = agenda.database.read_bytes()
    refused(agenda("dispatch"), 78, message)
    assert agenda.database.read_bytes() == before


def test_a_configuration_that_is_no_text_or_no_file_needs_the_administrator(linde: Program) -> None:
    linde.config.write_bytes(b"\xff\xfe\x00")
    refused(linde(READING), 78, "config.toml is not TOML")
    refused(linde("--config nowhere.toml patient list"), 78, "nowhere.toml: there is no configuration; run")
    refused(linde("--config . patient list"), 78, ". can't be read: Is a directory")


@pytest.mark.parametrize("command", [READING, WRITING, "dispatch", "poll", "report", "backup copy.db"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "smsreminders.db: there is no database; put the last backup back there"),
        ("patient_id,name\n" * 1000, "smsreminders.db is no database"),
        ("", "smsreminders.db is an empty file, no database: put the last backup back there"),
    ],
)
def test_what_is_no_database_of_ours_needs_the_administrator_and_stays_as_it_is(
    linde: Program, content: str | None, message: str, command: str
) -> None:
    linde.database.unlink()
    if content is not None:
        linde.database.write_text(content)
    refused(linde(command), 78, message)
    assert (linde.database.read_text() if linde.database.exists() else None) == content


def test_a_database_of_another_program_needs_the_administrator(linde: Program) -> None:
    linde.database.unlink()
    db = sqlite3.connect(linde.database)
    db.execute("create table patients (name text)")
    db.close()
    before = linde.database.read_bytes()
    refused(linde(WRITING), 78, "smsreminders.db is a database of another program: nothing was changed")
    assert linde.database.read_bytes() == before


def test_a_folder_in_the_place_of_the_database_needs_the_administrator(linde: Program) -> None:
    linde.database.unlink()
    linde.database.mkdir()
    refused(linde(READING), 78, "there is no database; put the last backup back there")


def test_a_newer_database_is_refused(linde: Program) -> None:
    with sqlite3.connect(linde.database) as db:
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " select migration_set, 'm999_of_tomorrow', applied_at from _sqlite_migrations limit 1"
        )
    db.close()
    before = linde.database.read_bytes()
    refused(linde(READING), 78, "was written by a newer smsreminders (schema m999_of_tomorrow): install that one")
    assert linde.database.read_bytes() == before


def by_the_modes(program: Program, command: str) -> Ended:
    """A run to which the files' modes apply, as they do to everybody but root."""
    prefix: list[str] = []
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if not setpriv:
            pytest.skip("there is no setpriv to take root's power over modes away")
        off = "-dac_override,-dac_read_search"
        prefix = [setpriv, f"--bounding-set={off}", f"--inh-caps={off}"]
    words = command.split()
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "smsreminders", *words],
        env=program.environment,
        cwd=program.home,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return discreet(words, Ended(done.returncode, done.stdout, done.stderr))


def test_a_configuration_that_may_not_be_read_needs_the_administrator(agenda: Program) -> None:
    agenda.config.chmod(0)
    refused(by_the_modes(agenda, READING), 78, "config.toml can't be read: Permission denied")


def test_a_configuration_that_is_named_and_may_not_be_read_needs_the_administrator(agenda: Program) -> None:
    agenda.config.chmod(0)
    refused(by_the_modes(agenda, f"--config {agenda.config} {READING}"), 78, "config.toml can't be read: Permission")


@pytest.mark.parametrize(
    ("command", "mode", "message"),
    [
        (READING, 0o000, "smsreminders.db can't be"),
        (WRITING, 0o600, "smsreminders.db can't be written: look at the permissions of the file and its folder"),
        ("dispatch", 0o600, "smsreminders.db.lock can't be made: Permission denied"),
        ("import patients.csv --kind patients", 0o400, "smsreminders.db can't be written: look at the permissions"),
    ],
)
def test_a_database_that_may_not_be_used_needs_the_administrator_and_stays_as_it_is(
    agenda: Program, command: str, mode: int, message: str
) -> None:
    before = agenda.database.read_bytes()
    agenda.database.chmod(mode)
    agenda.database.parent.chmod(0o500)
    try:
        ended = by_the_modes(agenda, command)
    finally:
        agenda.database.parent.chmod(0o700)
        agenda.database.chmod(0o600)
    refused(ended, 78, message)
    assert agenda.database.read_bytes() == before


def test_a_database_that_may_be_read_only_can_still_be_looked_at(agenda: Program) -> None:
    agenda.database.chmod(0o400)
    assert by_the_modes(agenda, READING).code == 0


def test_an_input_file_that_may_not_be_read_is_one_that_can_not_be_used(agenda: Program) -> None:
    (agenda.home / "patients.csv").chmod(0)
    ended = by_the_modes(agenda, "import patients.csv --kind patients")
    refused(ended, 65, "patients.csv: Permission denied")


@pytest.fixture
def small_disk(agenda: Program, tmp_path: Path) -> Iterator[Program]:
    """A home on a disk of its own that is full but for a page."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    tmpfs = ["-t", "tmpfs", "-o", "size=800k,mode=700", "tmpfs", str(disk)]
    if not mount or not umount or subprocess.run([mount, *tmpfs], capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk, and not everywhere")
    try:
        shutil.copytree(agenda.home / ".config", disk / ".config")
        rows = "".join(f"{number},Canaria {number}\n" for number in range(2000))
        (tmp_path / "crowd.csv").write_text(f"patient_id,name\n{rows}", encoding="utf-8")
        with (disk / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(b"x" * 4096):
                    pass
            except OSError:
                pass
        yield Program(disk)
    finally:
        subprocess.run([umount, str(disk)], check=True)


@pytest.mark.parametrize(
    "command",
    [
        "import ../crowd.csv --kind patients --source crowd",
        "patient add 2001 --name Canaria",
        "dispatch",
        "backup copy.db",
        pytest.param("report --output bill.txt"),
        pytest.param(
            "--config new.toml init --database new.db",
        ),
    ],
)
def test_a_full_disk_is_tried_again_later_and_nothing_is_half_done(small_disk: Program, command: str) -> None:
    before = small_disk.database.read_bytes()
    refused(small_disk(command), 75, "")
    assert small_disk.database.read_bytes() == before
    assert sorted(path.name for path in small_disk.home.iterdir()) == [".config", "filler"]
    (small_disk.home / "filler").unlink()
    assert small_disk(command).code == 0


def test_a_file_that_may_not_grow_leaves_the_database_as_it_was(agenda: Program) -> None:
    """What a quota or `ulimit -f` does, and a disk that fails."""
    import resource

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    rows = "".join(f"{number},Canaria {number}\n" for number in range(5000))
    (agenda.home / "crowd.csv").write_text(f"patient_id,name\n{rows}", encoding="utf-8")
    before = list(sqlite3.connect(agenda.database).iterdump())
    done = subprocess.run(
        [sys.executable, "-m", "smsreminders", "import", "crowd.csv", "--kind", "patients", "--source", "crowd"],
        env=agenda.environment,
        cwd=agenda.home,
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=limit,
    )
    refused(Ended(done.returncode, done.stdout, done.stderr), 78, "the disk doesn't read or write as it should")
    assert list(sqlite3.connect(agenda.database).iterdump()) == before
