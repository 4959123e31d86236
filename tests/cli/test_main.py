"""The exit code of every way in which a run can end, each told in one line without anybody's data."""

import sqlite3

import pytest

from tests.cli.running import Program

NO_AMOUNT = (
    "insert into price_events (at, by_whom, priced, verb, amount, valid_from)"
    " values ('2026-01-01T00:00:00Z', 'anna', 'rate', 'added', 'ten cents', '2026-01-01')"
)


def damaged(program: Program, *statements: str) -> Program:
    """The program with a database in a state that nobody could foresee."""
    with sqlite3.connect(program.database) as db:
        for statement in statements:
            db.execute(statement)
    db.close()
    return program


def test_a_bug_is_told_as_one_in_one_line(agenda: Program) -> None:
    ended = damaged(agenda, NO_AMOUNT)("rate list")
    assert (ended.code, ended.out) == (1, "")
    [line] = ended.said
    assert line.startswith("smsreminders: this is a bug: InvalidOperation in ")
    assert line.endswith("run it again with -v to see where it comes from, and tell us")


@pytest.mark.parametrize("option", ["-v", "--verbose"])
def test_a_bugs_trace_is_shown_when_it_is_asked_for(agenda: Program, option: str) -> None:
    ended = damaged(agenda, NO_AMOUNT)(f"{option} rate list")
    assert ended.code == 1
    assert "Traceback (most recent call last):" in ended.said


def test_a_bug_tells_nothing_of_the_data_that_it_fell_over(agenda: Program) -> None:
    ended = damaged(agenda, NO_AMOUNT.replace("ten cents", "J. Canaria, 06-12345671"))("rate list")
    assert (ended.code, len(ended.said)) == (1, 1)


@pytest.mark.parametrize(
    "damage",
    [
        "alter table patients rename to patienten",
        "alter table _sqlite_migrations rename column name to naam",
        "update appointments set starts_at = 'J. Canaria, 06-12345671'",
    ],
)
def test_a_database_that_was_changed_by_hand_is_told_as_damaged(agenda: Program, damage: str) -> None:
    ended = damaged(agenda, damage)("appointment list")
    assert (ended.code, len(ended.said)) == (78, 1)
    assert "damaged; stop the cron jobs and put the last backup back" in ended.err.replace("damaged:", "damaged;")


@pytest.mark.parametrize(
    "command",
    [
        "--quiet dispatch",
        "--quiet poll",
        "--quiet import patients.csv --kind patients",
        "--quiet import agenda.csv --kind appointments --dry-run",
        "--quiet practice add eik --name Eik",
        "--quiet practice edit linde --name Linde",
        "--quiet service add --name Brieven",
        "--quiet service disable Notificaties",
        "--quiet patient add 2001 --name Canaria --phone 06-12345671",
        "--quiet patient edit 1001 --name Canaria",
        "--quiet consent give 1004 --how desk",
        "--quiet consent withdraw 1004",
        "--quiet appointment add B1 --patient 1001 --start '2026-11-27 10:30'",
        "--quiet appointment move A1 --start '2026-11-27 10:30'",
        "--quiet appointment cancel A1",
        "--quiet rate add 0.09 --from 2026-12-01",
        "--quiet report --format csv --output bill.csv",
        "--quiet backup copy.db",
        "-q dispatch --if-missed",
    ],
)
def test_quiet_says_nothing_at_all_when_all_went_well(agenda: Program, command: str) -> None:
    ended = agenda(command)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_quiet_still_says_what_somebody_must_look_at(agenda: Program) -> None:
    agenda.configure("[schedule]\ndaily_limit = 2\n")
    ended = agenda("--quiet dispatch")
    assert (ended.code, ended.out, len(ended.said)) == (3, "", 1)
    ended = agenda("-q dispatch --practice eik")
    assert (ended.code, ended.out, len(ended.said)) == (2, "", 1)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("dispatsh", "No such command 'dispatsh'"),
        ("dispatch --dryrun", "No such option: --dryrun"),
        ("dispatch now", "unexpected extra argument"),
        ("--config", "Option '--config' requires an argument"),
        ("practice nothing", "No such command 'nothing'"),
    ],
)
def test_what_is_not_understood_is_a_usage_error(program: Program, command: str, message: str) -> None:
    ended = program(command)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


def test_the_files_of_a_run_are_for_their_owner_only_whatever_the_umask(agenda: Program) -> None:
    agenda.does("dispatch")
    agenda.does("report --output bill.txt")
    made = [*agenda.config.parent.iterdir(), agenda.home / "bill.txt"]
    modes = {path.name: f"{path.stat().st_mode & 0o777:o}" for path in made}
    assert modes == dict.fromkeys(modes, "600")
    ours = {"config.toml", "smsreminders.db", "smsreminders.db.lock", "smsreminders.db.sandbox.jsonl", "bill.txt"}
    assert modes.keys() >= ours
