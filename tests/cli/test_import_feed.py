"""`import --source NAME`: the calendar of a feed is fetched and imported, and only if it changed."""

import pytest

from tests.cli.running import Program
from tests.gateways.feeding import answer, serving

EVENT = "BEGIN:VEVENT\r\nUID:e{}\r\nSUMMARY:(1001)\r\nDTSTART:20261126T11{}00Z\r\nEND:VEVENT\r\n"
FEED = "import --source agenda --kind appointments --json"
THURSDAY = "2026-11-26T13:00:00+01:00"


def calendar(*minutes: str) -> bytes:
    events = "".join(EVENT.format(minute, minute) for minute in minutes)
    return f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n".encode()


def configure(program: Program, url: str, more: str = "") -> None:
    pattern = "[import]\npatient_pattern = '\\((?P<patient>\\d+)\\)'\n"
    program.configure(f'{pattern}[[sources]]\nname = "agenda"\nurl = "{url}"\n{more}')
    program.config.chmod(0o600)


@pytest.fixture
def program(linde: Program) -> Program:
    linde.does("patient add 1001 --name Canaria --phone 06-12345671")
    return linde


def test_a_feed_is_imported_and_again_only_if_it_changed(program: Program) -> None:
    tagged = answer("200 OK", calendar("00"), 'ETag: "v1"')
    changed = answer("200 OK", calendar("00", "30"), 'ETag: "v2"')
    with serving(tagged, answer("304 Not Modified", b""), changed) as (url, heads):
        configure(program, url)
        assert program(FEED).json["added"] == 1
        same = program(FEED)
        assert (same.code, same.json["read"]) == (0, 0)
        assert same.said == ['The feed of "agenda" is as it was when it was imported.']
        assert program(FEED).json["added"] == 1
    assert [b"If-None-Match" in head for head in heads] == [False, True, True]


def test_an_unchanged_feed_is_read_again_after_two_days_for_what_came_into_the_horizon(program: Program) -> None:
    tagged = answer("200 OK", calendar("00"), 'ETag: "v1"')
    with serving(tagged, tagged) as (url, heads):
        configure(program, url)
        program(FEED)
        assert program.at(THURSDAY)(FEED).json["unchanged"] == 1
    assert b"If-None-Match" not in heads[1]


def test_a_feed_that_was_not_understood_as_a_whole_is_read_again(program: Program) -> None:
    odd = calendar("00", "30").replace(b"e30\r\nSUMMARY:(1001)", b"e30\r\nSUMMARY:(9)")
    tagged = answer("200 OK", odd, 'ETag: "v1"')
    with serving(tagged, tagged) as (url, heads):
        configure(program, url)
        ended = program(FEED)
        assert (ended.code, ended.json["rejected"]) == (3, 1)
        assert ended.said[0].startswith('smsreminders: agenda, line 7, patient_id: there is no patient "9"')
        program(FEED)
    assert b"If-None-Match" not in heads[1]


def test_a_dry_run_of_a_feed_changes_nothing(program: Program) -> None:
    tagged = answer("200 OK", calendar("00"), 'ETag: "v1"')
    with serving(tagged, tagged) as (url, heads):
        configure(program, url)
        assert program(f"{FEED} --dry-run").json["source_id"] == "e00"
        assert program(FEED).json["added"] == 1
    assert b"If-None-Match" not in heads[1]


@pytest.mark.parametrize(
    ("said", "code", "reason"),
    [
        (answer("200 OK", calendar("00")[:-9]), 65, 'the feed of "agenda": line '),
        (answer("200 OK", b"<html>Log in</html>"), 65, 'the feed of "agenda": line 1: no calendar'),
        (answer("404 Not Found"), 78, "the feed at 127.0.0.1 isn't there (404)"),
        (answer("503 Later"), 75, "the feed can't be read now: 127.0.0.1 answered 503"),
    ],
)
def test_a_feed_that_can_not_be_used_is_told_without_its_address(
    program: Program, said: bytes, code: int, reason: str
) -> None:
    with serving(said) as (url, _):
        configure(program, url)
        ended = program(FEED)
    assert (ended.code, reason in ended.err, "5f3c" in ended.err) == (code, True, False), ended


def test_without_a_file_or_a_source_of_the_configuration_it_is_a_wrong_use(program: Program) -> None:
    configure(program, "https://host/agenda.ics")
    ended = program("import --kind appointments --source agend")
    why = 'say which FILE to import, or with --source which of [[sources]]: did you mean "agenda"?'
    assert (ended.code, ended.said) == (2, [f"smsreminders: {why}"])
    assert program("import --kind appointments").code == 2


def test_the_practice_of_a_source_counts(program: Program) -> None:
    program.does("practice add eik --name 'Huisarts Eik'")
    with serving(answer("200 OK", calendar("00"))) as (url, _):
        configure(program, url, 'practice = "linde"\n')
        assert program(FEED).json["added"] == 1
