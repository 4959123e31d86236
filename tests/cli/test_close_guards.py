"""What must hold before a month is closed or reports are believed: this clock, this database, this last close."""

import shutil
from pathlib import Path

import pytest

from tests.cli.running import Program

FIFTH = "2026-12-05T06:00:00+01:00"
CLOSE = "report --month 2026-11 --close --format csv"
JANUARY = "2027-01-05T06:00:00+01:00"


@pytest.fixture
def delivered(agenda: Program) -> Program:
    """On 5 December at six, with what was delivered in November."""
    agenda.sends()
    agenda.does("poll")
    return agenda.at(FIFTH)


def beside(program: Program) -> Path:
    return program.database.with_name(f"{program.database.name}.closed")


def status(program: Program, month: str = "2026-11") -> str:
    return str(program(f"report --month {month} --format json").json["status"])


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("2027-01-04T06:00:00+01:00", "the clock shows 2027-01-04 05:00 UTC, but the last run was at 2026-11-24"),
        ("2026-11-20T06:00:00+01:00", "the clock shows 2026-11-20 05:00 UTC, but the last run was at 2026-11-24"),
    ],
)
def test_by_a_clock_that_may_have_leapt_no_month_is_closed(delivered: Program, at: str, message: str) -> None:
    ended = delivered.at(at)(CLOSE)
    assert (ended.code, ended.out, message in ended.err) == (78, "", True)
    assert status(delivered) == "open"
    delivered.does(CLOSE)


def test_from_a_copy_no_month_is_closed_and_no_report_believed(delivered: Program) -> None:
    delivered.does("backup backup.db")
    shutil.copyfile(delivered.home / "backup.db", delivered.database)
    for words in (CLOSE, "poll"):
        ended = delivered(words)
        assert (ended.code, ended.out, "the database is a copy" in ended.err) == (78, "", True)
    assert status(delivered) == "open"


def test_from_a_database_older_than_the_last_run_no_month_is_closed_and_no_report_believed(agenda: Program) -> None:
    agenda.sends()
    before = agenda.database.read_bytes()
    agenda.at("2026-11-25T09:00:00+01:00").sends()
    agenda.database.write_bytes(before)
    for words in (CLOSE, "poll"):
        ended = agenda.at(FIFTH)(words)
        assert (ended.code, "run 2 was the last: it was put back from a backup" in ended.err) == (78, True)
    assert status(agenda) == "open"


@pytest.mark.parametrize("at", ["2027-01-10T06:00:00+01:00", "2029-01-01T06:00:00+01:00"])
def test_a_clock_far_ahead_at_a_poll_waives_nothing(agenda: Program, at: str) -> None:
    agenda.sends()
    agenda.at(FIFTH).does(CLOSE)  # nothing of November is known
    ended = agenda.at(at)("poll")
    assert (ended.code, ended.out, "set the clock" in ended.err) == (78, "", True)
    assert {notification["status"] for notification in agenda("notifications list --json").json} == {"sent"}
    agenda.at("2026-12-06T06:00:00+01:00").does("poll")
    bill = agenda.at(JANUARY)("report --month 2026-12 --close --format json").json
    assert ([line["kind"] for line in bill["lines"]], bill["waived"]) == (["late"], 0)


def test_a_database_that_does_not_know_the_last_close_closes_nothing_over_it(delivered: Program) -> None:
    """After a restore the month would have been closed again with other bytes."""
    before = delivered.database.read_bytes()
    delivered.does(f"{CLOSE} --output november.csv")
    sent = (delivered.home / "november.csv").read_bytes()
    delivered.database.write_bytes(before)
    delivered.does("notifications settle 1 --as not-delivered")
    for month in ("2026-11", "2026-12"):
        closing = f"report --month {month} --close --force --output november.csv --format csv"
        ended = delivered.at("2027-01-02T06:00:00+01:00")(closing)
        assert ended.code == 78
        assert "2026-11 was closed already, and this database doesn't know it" in ended.err
        assert "`smsreminders reconcile --bill FILE`" in ended.err
    assert (delivered.home / "november.csv").read_bytes() == sent
    assert status(delivered) == "open"


def test_a_close_that_died_before_it_was_noted_is_noted_by_the_next(delivered: Program) -> None:
    delivered.does(CLOSE)
    noted = beside(delivered).read_text()
    beside(delivered).unlink()
    delivered.does(CLOSE)
    assert beside(delivered).read_text() == noted
    assert beside(delivered).stat().st_mode & 0o777 == 0o600
    delivered.at(JANUARY).does("report --month 2026-12 --close")
    assert beside(delivered).read_text().startswith("2026-12 ")


def test_what_stands_beside_the_lock_is_ours_or_nothing_is_closed(delivered: Program) -> None:
    beside(delivered).write_text("2026-11\n")
    ended = delivered(CLOSE)
    assert (ended.code, "doesn't say which month was closed last" in ended.err) == (78, True)
    assert status(delivered) == "open"


# Taking a bill back


def test_after_a_restore_a_closed_month_is_taken_back_with_its_bytes(delivered: Program) -> None:
    before = delivered.database.read_bytes()
    delivered.does(f"{CLOSE} --output november.csv")
    sent = (delivered.home / "november.csv").read_text()
    delivered.database.write_bytes(before)
    ended = delivered("reconcile --bill november.csv")
    assert (ended.code, ended.out, ended.said) == (
        0,
        "",
        ["2026-11 is closed with the bytes of november.csv: nothing on it is billed again."],
    )
    assert delivered.does("report --month 2026-11 --format csv") == sent
    delivered.does(f"{CLOSE} --output november.csv")
    january = delivered.at("2027-01-02T06:00:00+01:00")
    assert january("report --month 2026-12 --close --force --format json").json["lines"] == []


def test_a_line_whose_texts_can_not_be_told_is_told(delivered: Program) -> None:
    before = delivered.database.read_bytes()
    delivered.does(f"{CLOSE} --output november.csv")
    delivered.database.write_bytes(before)
    delivered.does("notifications settle 1 --as not-delivered")
    ended = delivered("reconcile --bill november.csv")
    assert (ended.code, ended.said[0].startswith("smsreminders: of 1 of 1 lines this database can't tell")) == (0, True)


def test_a_bill_that_went_to_nobody_is_made_anew(delivered: Program) -> None:
    before = delivered.database.read_bytes()
    delivered.does(CLOSE)
    delivered.database.write_bytes(before)
    assert delivered(CLOSE).code == 78
    assert delivered("reconcile --never-sent 2026-11").said == ["2026-11 may be closed anew."]
    delivered.does(CLOSE)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("--bill nowhere.csv", 65, "nowhere.csv can't be read: No such file or directory"),
        ("--bill other.csv", 65, "other.csv has not the columns of a closed month's CSV"),
        ("--never-sent 2026-11", 2, "2026-11 is not a month that was closed last and is lost"),
        ("--never-sent 11-2026", 2, "2026-11 is not a month that was closed last and is lost"),
        ("--never-sent 2026-11 --by-hand", 2, "are said one at a time"),
    ],
)
def test_what_can_not_be_taken_back_is_told(delivered: Program, words: str, code: int, message: str) -> None:
    (delivered.home / "other.csv").write_text("a,b\n")
    ended = delivered(f"reconcile {words}")
    assert (ended.code, ended.out, message in ended.err) == (code, "", True)


# The file of a bill


def test_a_file_is_never_replaced_by_other_bytes_and_the_month_stays_open(delivered: Program) -> None:
    file = delivered.home / "november.csv"
    file.write_text("what was sent\n")
    ended = delivered(f"{CLOSE} --output november.csv")
    assert (ended.code, ended.out, file.read_text()) == (2, "", "what was sent\n")
    assert "november.csv holds something else: it stays as it is; name another file" in ended.err
    assert status(delivered) == "open"


def test_a_file_of_the_same_bytes_is_fine(delivered: Program) -> None:
    delivered.does("report --month 2026-11 --format csv --output november.csv")
    for _ in range(2):
        delivered.does(f"{CLOSE} --output november.csv")
    assert status(delivered) == "closed"
    assert (delivered.home / "november.csv").read_text() == delivered.does("report --month 2026-11 --format csv")
