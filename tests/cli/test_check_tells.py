"""What `check` and `doctor` tell when nobody is reminded, or not as usual: each was called ok once."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.running import Program
from tests.cli.spryng import send_by
from tests.commanding import TUESDAY, Ended, Installed, installed
from tests.gateways.fake_spryng import FakeSpryng
from tests.store.files import bound_by_modes

USUAL = Path(__file__).parents[1] / "data" / "cases" / "F3-usual-day.csv"
AFTERNOON = "2026-11-24T15:00:00+01:00"
NOBODY = 65534


@pytest.fixture
def program(tmp_path: Path) -> Installed:
    return installed(tmp_path)


def a_day(program: Installed, count: int, *, digit: int, start: str, first: int = 100, consent: str = "ja") -> None:
    """Add appointments on a day, of patients whose number ends in this digit: a text to 7 fails."""
    rows = ["appointment_id,patient_id,patient_name,phone,consent,start"]
    rows += [
        f"A{first + n},P{first + n},Jan Test,06-2345{first + n:03}{digit},{consent},{start} 1{n % 8}:{n:02}"
        for n in range(count)
    ]
    (program.home / "day.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    program.does("import day.csv --kind appointments")


def told(ended: Ended) -> list[str]:
    """The lines of a check that found something wrong, without its figures."""
    assert (ended.code, ended.err) == (3, "")
    return ended.out.splitlines()[:-1]


def findings(program: Installed, *, at: str = AFTERNOON) -> dict[str, tuple[str, str, str]]:
    """What `doctor` found that isn't ok: verdict, finding and advice by name, the last of each."""
    ended = program("doctor --json", at=at)
    found = {
        finding["check"]: (finding["verdict"], finding["found"], finding["advice"])
        for finding in json.loads(ended.out)
        if finding["verdict"] != "ok" and finding["check"] != "time zone"
    }
    assert ended.code == (78 if "wrong" in {verdict for verdict, _, _ in found.values()} else 0)
    return found


def test_none_of_nine_that_arrived_is_told(tmp_path: Path) -> None:
    program = Installed(tmp_path)
    program.does("init")
    program.config.write_text("[gateway]\nper_second = 10000\n", encoding="utf-8")
    program.does("practice add linde --name 'Tandarts Linde'")
    program.does("service add --name Notificaties --channel sms --notification-type appointment-reminder")
    a_day(program, 9, digit=7, start="2026-11-25")
    program.does("dispatch")
    program.does("poll")
    finding = "0 of today's 9 texts whose fate is known arrived"
    advice = "see `smsreminders notifications list --status failed`, then ask the gateway"
    assert told(program("check", at=AFTERNOON)) == [f"{finding}: {advice}"]
    assert findings(program)["delivered"] == ("warning", finding, advice)


def test_what_was_rejected_today_is_told(agenda: Program) -> None:
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        send_by(spryng, agenda, connections=1)
        spryng.fail_next("400-code")
        agenda("dispatch")
        ended, checks = agenda("check"), agenda("doctor --json").json
    finding = "1 of today was rejected by the gateway"
    advice = (
        "see `smsreminders notifications list --status rejected`, mend the number, then run `smsreminders dispatch`"
    )
    assert (ended.code, ended.lines[0]) == (3, f"{finding}: {advice}")
    assert {"check": "rejected", "verdict": "warning", "found": finding, "advice": advice} in checks


def test_a_consent_column_by_another_name_leaves_thirty_without_a_text_and_is_told(tmp_path: Path) -> None:
    program = Installed(tmp_path)
    program.does("init")
    program.does("practice add linde --name 'Tandarts Linde'")
    program.does("service add --name Notificaties --channel sms --notification-type appointment-reminder")
    renamed = (
        USUAL.read_text(encoding="utf-8").replace("consent", "Toestemming SMS").replace("2026-11-24", "2026-11-25")
    )
    (tmp_path / "renamed.csv").write_text(renamed, encoding="utf-8")
    program.does("import renamed.csv --kind appointments")
    program.does("dispatch")
    finding = "linde: 30 of 30 appointments were skipped in the last round of today: no-consent"
    advice = (
        "look whether the import still has its consent column; "
        "`smsreminders consent list --missing --practice linde` shows who"
    )
    assert told(program("check", at=AFTERNOON)) == [f"{finding}: {advice}"]
    assert findings(program)["skipped"] == ("warning", finding, advice)


def test_a_service_that_was_disabled_is_told_while_appointments_are_due(program: Installed) -> None:
    program.does("dispatch")
    program.does("service disable Notificaties")
    finding = "linde has no enabled service for reminders by SMS, and 4 appointments in the coming week"
    advice = "run `smsreminders service enable Notificaties --practice linde`"
    assert told(program("check", at=AFTERNOON)) == [f"{finding}: {advice}"]
    assert findings(program)["service"] == ("wrong", finding, advice)


@pytest.mark.parametrize(
    ("at", "verdict", "words"),
    [
        ("2026-11-30T09:00:00+01:00", "warning", "look whether its export still runs"),
        ("2026-12-13T09:00:00+01:00", "warning", "look whether its export still runs"),
        ("2026-12-17T09:00:00+01:00", "wrong", "nobody is reminded from it; look why its export has stopped"),
    ],
)
def test_an_old_agenda_is_told_as_dispatch_tells_it(program: Installed, at: str, verdict: str, words: str) -> None:
    said = program("dispatch", at=at).said[-1].removeprefix("smsreminders: ")
    assert words in said
    assert said in told(program("check", at=at))
    assert findings(program, at=at)["agenda"] == (verdict, said, "")


def test_a_restored_copy_is_told_as_dispatch_tells_it(program: Installed) -> None:
    program.does("dispatch")
    program.does("backup copy.db")
    shutil.copyfile(program.home / "copy.db", program.database)
    said = program("dispatch", at=AFTERNOON).said[-1].removeprefix("smsreminders: ")
    assert said.startswith("the database is a copy")
    assert told(program("check", at=AFTERNOON))[0] == said
    assert findings(program)["runs"] == ("wrong", said, "")


def test_a_text_that_wants_what_the_practice_lacks_is_told_as_dispatch_tells_it(program: Installed) -> None:
    program.config.write_text('[messages.appointment-reminder]\nnl = "Bel {phone}"\n', encoding="utf-8")
    said = program("dispatch").said[-1].removeprefix("smsreminders: ")
    assert said.startswith("the text has {phone}, but practice linde has none: run ")
    assert told(program("check"))[0] == said
    assert findings(program)["text"][0] == "wrong"


@pytest.mark.parametrize("at", ["2026-11-24T08:30:00+01:00", "2027-02-24T09:00:00+01:00"], ids=["back", "ahead"])
def test_a_clock_in_doubt_is_told_as_dispatch_tells_it(program: Installed, at: str) -> None:
    program.does("dispatch")
    said = program("dispatch", at=at).said[-1].removeprefix("smsreminders: ")
    assert said.startswith("the clock shows")
    assert told(program("check", at=at))[0] == said
    assert findings(program, at=at)["runs"] == ("wrong", said, "")


def test_a_lock_that_cannot_be_opened_is_told_as_dispatch_tells_it(program: Installed) -> None:
    program.does("dispatch")
    lock = program.database.with_name("smsreminders.db.lock")
    lock.chmod(0)
    with bound_by_modes():
        said = program("dispatch", at=AFTERNOON).said[-1].removeprefix("smsreminders: ")
        assert said.startswith(f"{lock} can't be opened: Permission denied: ")
        assert told(program("check", at=AFTERNOON)) == [said]
        assert findings(program)["permissions"] == (
            "wrong",
            f"{lock} can't be opened for writing: Permission denied",
            f"run `chown {os.getuid()}:{os.getgid()} {lock}` and `chmod 600 {lock}`, as root",
        )


@pytest.fixture
def of_another() -> Iterator[Installed]:
    """An installation that belongs to another user, and root, who runs its commands."""
    if os.geteuid() != 0:
        pytest.skip("only root has files of others")
    with TemporaryDirectory() as folder:
        program = installed(Path(folder))
        for path in (program.home, *program.home.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        yield program


def test_what_a_round_of_root_made_belongs_to_the_owner_of_the_database(of_another: Installed) -> None:
    of_another.does("dispatch")
    made = of_another.database.parent.glob("smsreminders.db*")
    assert {(path.name, path.stat().st_uid, path.stat().st_gid) for path in made} == {
        (f"smsreminders.db{suffix}", NOBODY, NOBODY) for suffix in ("", ".lock", ".import-lock", ".sandbox.jsonl")
    }
    assert "permissions" not in findings(of_another)


def test_doctor_as_root_tries_what_the_user_of_cron_will_do(of_another: Installed) -> None:
    of_another.does("dispatch")
    lock = of_another.database.with_name("smsreminders.db.lock")
    os.chown(lock, 0, 0)
    before = {path: path.stat() for path in of_another.database.parent.iterdir()}
    assert findings(of_another)["permissions"] == (
        "wrong",
        f"{lock} can't be opened for writing: Permission denied",
        f"run `chown {NOBODY}:{NOBODY} {lock}` and `chmod 600 {lock}`, as root",
    )
    os.chown(lock, NOBODY, NOBODY)
    of_another.database.parent.chmod(0o500)
    verdict, permissions, _ = findings(of_another)["permissions"]
    assert (verdict, permissions) == (
        "wrong",
        f"{lock.parent} can't be written: the journal of the database is made in it",
    )
    after = {path: path.stat() for path in of_another.database.parent.iterdir()}
    assert [after[path].st_mtime_ns for path in before] == [stat.st_mtime_ns for stat in before.values()]


def test_a_morning_that_texts_far_fewer_than_that_weekday_usually_does_is_told(tmp_path: Path) -> None:
    program = Installed(tmp_path, at="2026-11-16T09:00:00+01:00")
    program.does("init")
    program.config.write_text("[gateway]\nper_second = 10000\n", encoding="utf-8")
    program.does("practice add linde --name 'Tandarts Linde'")
    program.does("service add --name Notificaties --channel sms --notification-type appointment-reminder")
    a_day(program, 20, digit=1, start="2026-11-18")
    for day in ("16", "17"):
        program.does("dispatch", at=f"2026-11-{day}T09:00:00+01:00")
    program.does("poll", at="2026-11-17T09:10:00+01:00")
    later = Installed(tmp_path)
    a_day(later, 9, digit=1, start="2026-11-25", first=200)
    for day in ("23", "24"):
        program.does("dispatch", at=f"2026-11-{day}T09:00:00+01:00")
    program.does("poll", at=AFTERNOON)
    [line] = told(program("check", at=AFTERNOON))
    assert line == (
        "linde: 9 texts went out today, on this weekday usually 20: look whether the agenda is complete, and tell "
        "closed days with `smsreminders practice days linde`"
    )
    figures = json.loads(program("check --json", at=AFTERNOON).out)
    assert (figures["sent_today"], figures["sent_usually"]) == (9, 20)
