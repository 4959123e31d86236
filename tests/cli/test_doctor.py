"""`doctor`: each thing that a round needs with ok, warning or wrong, and what to do; it changes nothing."""

import sqlite3
from datetime import datetime

import pytest

from tests.cli.running import TUESDAY, Program
from tests.cli.spryng import send_by
from tests.gateways.fake_spryng import FakeSpryng

FRIDAY = "2026-11-27T15:00:00+01:00"


def checks(program: Program, *, code: int = 0) -> dict[str, tuple[str, str, str]]:
    """What was found of each thing: verdict, finding, advice; the last of each name."""
    ended = program("doctor --json")
    assert (ended.code, ended.err) == (code, "")
    return {check["check"]: (check["verdict"], check["found"], check["advice"]) for check in ended.json}


def test_each_check_has_these_keys(linde: Program) -> None:
    assert {tuple(check) for check in linde("doctor --json").json} == {("check", "verdict", "found", "advice")}


def test_a_practice_that_works_is_well(agenda: Program) -> None:
    agenda.does("dispatch")
    before = agenda.database.read_bytes()
    by_name = checks(agenda)
    assert agenda.database.read_bytes() == before
    others = {name: verdict for name, (verdict, _, _) in by_name.items() if name not in {"time zone", "gateway"}}
    assert others == dict.fromkeys(
        [
            "configuration",
            "file",
            "permissions",
            "schema",
            "database",
            "runs",
            "access log",
            "answers",
            "rules",
            "service",
            "consent",
            "text",
            "agenda",
            "round",
            "segments",
            "second attempts",
            "today",
            "notifications",
            "months",
        ],
        "ok",
    )


def test_a_person_reads_it_line_by_line(linde: Program) -> None:
    lines = linde("doctor").lines
    assert f"ok       configuration: {linde.config}; gateway sandbox" in lines
    at = lines.index("warning  consent: linde: 0 of 0 patients gave consent")
    assert lines[at + 1] == "         -> import patients with a consent column, or `consent give`"


def test_before_there_is_anything_it_says_what_to_do(program: Program) -> None:
    assert checks(program, code=78) == {
        "configuration": (
            "wrong",
            f"{program.config}: there is no configuration; run `smsreminders init`",
            "",
        )
    }
    program.does("init")
    assert checks(program)["practices"] == ("warning", "there is none", "run `smsreminders practice add`")
    program.database.unlink()
    state, told, _ = checks(program, code=78)["database"]
    assert state == "wrong"
    assert told.startswith(f"{program.database}: there is no database; put the last backup back there")


def test_what_a_practice_lacks_is_a_warning(linde: Program) -> None:
    linde.does("service disable Notificaties")
    by_name = checks(linde)
    assert {name for name, (verdict, _, _) in by_name.items() if verdict == "warning"} - {"time zone"} == {
        "service",
        "consent",
        "round",
        "gateway",
    }
    assert by_name["service"] == (
        "warning",
        "linde has no enabled service for reminders by SMS: nothing goes out",
        "run `smsreminders service enable Notificaties --practice linde`",
    )


def test_a_text_that_wants_what_the_practice_lacks_is_wrong(linde: Program) -> None:
    linde.configure('[messages.appointment-reminder]\nnl = "Bel {phone}"\n')
    assert checks(linde, code=78)["text"] == (
        "wrong",
        "linde has no phone, but the text has {phone}: nothing goes out",
        "run `smsreminders practice edit linde --phone NUMBER`",
    )
    linde.does("practice edit linde --phone 020-7654321")
    assert checks(linde)["text"][0] == "ok"


def test_what_others_can_read_is_wrong(linde: Program) -> None:
    linde.database.chmod(0o640)
    assert checks(linde, code=78)["file"] == (
        "wrong",
        f"others can read {linde.database}",
        f"run `chmod 600 {linde.database}`",
    )


def test_a_round_that_is_overdue_and_an_old_agenda_are_warnings(agenda: Program) -> None:
    agenda.does("dispatch")
    agenda.configure('[schedule]\nagenda_old = "2d"\n')
    by_name = checks(agenda.at(FRIDAY))
    assert by_name["round"] == (
        "warning",
        "linde: last round on 2026-11-24, not completed since",
        "run `smsreminders dispatch --if-missed`",
    )
    assert by_name["agenda"] == (
        "warning",
        "the agenda of linde has brought nothing new since 2026-11-24: look whether its export still runs",
        "",
    )


def test_what_waits_for_a_person_is_a_warning(agenda: Program) -> None:
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        send_by(spryng, agenda, connections=1)
        spryng.fail_next("drop-after")
        agenda("dispatch")
        assert checks(agenda)["notifications"] == (
            "warning",
            "1 uncertain, 0 rejected, 0 queued",
            "see `smsreminders notifications list --status uncertain`, then `notifications settle`",
        )


def test_a_gateway_whose_settings_are_not_complete_is_wrong(linde: Program) -> None:
    linde.configure('[gateway]\nname = "spryng"\nbase_url = "https://127.0.0.1:1"\n')
    verdict, gateway, _ = checks(linde, code=78)["gateway"]
    assert verdict == "wrong"
    assert "gateway.api_key is missing" in gateway


def test_a_damaged_database_is_wrong(agenda: Program) -> None:
    with sqlite3.connect(agenda.database) as db:
        (page,) = db.execute("select rootpage from sqlite_schema where name = 'appointments'").fetchone()
        (size,) = db.execute("pragma page_size").fetchone()
    db.close()
    with agenda.database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    verdict, database, advice = checks(agenda, code=78)["database"]
    assert verdict == "wrong"
    assert "damaged" in database
    assert "put the last backup back" in database + advice


@pytest.mark.parametrize(("machine", "verdict"), [("Europe/Amsterdam", "ok"), ("Asia/Tokyo", "warning")])
def test_a_machine_in_another_time_zone_is_a_warning(linde: Program, machine: str, verdict: str) -> None:
    checks = linde.process("doctor --json", TZ=machine).json
    assert [check["verdict"] for check in checks if check["check"] == "time zone"] == [verdict]


@pytest.mark.parametrize(
    ("url", "code", "verdict"),
    [("https://monitor.example/ping/5f3c", 0, "ok"), ("http://monitor.example/canary", 78, "wrong")],
)
def test_an_address_of_the_monitor_that_a_round_would_refuse_is_wrong_and_not_shown(
    agenda: Program, url: str, code: int, verdict: str
) -> None:
    agenda.configure(f'[monitoring]\nping_url = "{url}"\n')
    assert checks(agenda, code=code)["monitoring"][0] == verdict
    assert "monitor.example" not in agenda("doctor").out


def test_on_a_terminal_what_is_found_is_broken_at_words_and_what_to_do_stands_below_it(linde: Program) -> None:
    ended = linde.on_a_terminal("doctor", COLUMNS="80", NO_COLOR="1")
    assert max(map(len, ended.lines)) <= 80 + len(str(linde.home))  # a path is one word
    assert "warning  gateway: Sandbox: sends nothing, so nobody is reminded" in ended.lines
    advice = ended.lines.index("         -> put a real gateway into [gateway] before patients rely on it:")
    assert ended.lines[advice + 1] == "            docs/gateways.md"
