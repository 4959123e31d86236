"""`poll`: what became of what was sent."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from smsreminders.errors import ExitCode
from smsreminders.store.lock import run_lock
from tests.cli.running import TUESDAY, WEDNESDAY, Program
from tests.cli.spryng import send_by
from tests.gateways.fake_spryng import FakeSpryng

FOUR_DAYS_LATER = "2026-11-28T09:00:00+01:00"


@pytest.fixture
def spryng(agenda: Program) -> Iterator[FakeSpryng]:
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as gateway:
        send_by(gateway, agenda, connections=1)
        agenda.does("dispatch")
        yield gateway


def statuses(program: Program) -> dict[str, str]:
    return {
        notification["appointment"]: notification["status"]
        for notification in program("notifications list --json").json
    }


def test_it_says_what_changed_and_what_is_open(agenda: Program) -> None:
    agenda.does("dispatch")
    assert agenda("poll --json").json == {
        "asked": 3,
        "delivered": 1,
        "failed": 1,
        "expired": 0,
        "sent": 0,
        "queued": 0,
        "open": 1,
        "uncertain": 0,
        "replies": 0,
        "for_the_desk": 0,
        "confirmed": 0,
        "stopped": 0,
        "opt_outs": 0,
        "unknown_words": {},
    }
    assert statuses(agenda) == {"A1": "delivered", "A2": "failed", "A3": "sent"}
    assert agenda("poll").lines == ["2 asked  1 open  0 uncertain"]


def test_without_a_report_for_too_long_a_notification_counts_as_expired(agenda: Program) -> None:
    agenda.does("dispatch")
    agenda.at(WEDNESDAY).does("poll")
    result = agenda.at(FOUR_DAYS_LATER)("poll --json").json
    assert (result["expired"], result["open"]) == (1, 0)
    [expired] = agenda("notifications list --status expired --json").json
    assert (expired["appointment"], expired["reason"]) == ("A3", "no-report")


def test_the_gateways_reports_are_taken(agenda: Program, spryng: FakeSpryng) -> None:
    spryng.report("+31612345671", "Sent", "Delivered")
    spryng.report("+31612345677", "Failed", "NetworkFailed")
    result = agenda("poll --json").json
    assert (result["delivered"], result["failed"], result["open"]) == (1, 1, 1)


def test_a_word_that_is_not_known_is_told_and_the_notification_stays_open(agenda: Program, spryng: FakeSpryng) -> None:
    spryng.report("+31612345671", "Teleported", "Beamed")
    ended = agenda("poll --json")
    assert ended.code == 0
    assert ended.said == [
        'smsreminders: the gateway says "Teleported/Beamed" of 1, a word that we don\'t know: they stay open'
    ]
    assert ended.json["unknown_words"] == {"Teleported/Beamed": 1}
    assert ended.json["open"] == 3


def test_a_word_with_a_number_shows_no_number(agenda: Program, spryng: FakeSpryng) -> None:
    spryng.report("+31612345671", "Teleported", "to +31612345671")
    assert agenda("poll").code == 0
    assert agenda("notifications show 1 --json").code == 0


def test_uncertain_ones_are_asked_for_and_wait_for_a_person(agenda: Program, spryng: FakeSpryng) -> None:
    with agenda.config.open("a") as file:
        file.write('[schedule]\ncombine = "none"\n')
    for appointment, start, fault in (("B1", "16:00", "drop-after"), ("B2", "17:00", "drop-before")):
        agenda.does(f"appointment add {appointment} --patient 1001 --start '2026-11-25 {start}'")
        spryng.fail_next(fault, method="POST")
        agenda("dispatch")
    ended = agenda("poll")
    assert ended.code == 3
    assert ended.said == [
        "smsreminders: 1 notifications are uncertain: see `smsreminders notifications list --status uncertain`"
    ]
    assert (statuses(agenda)["B1"], statuses(agenda)["B2"]) == ("sent", "uncertain")


@pytest.mark.parametrize(
    ("fault", "code", "message"),
    [
        ("503", 75, "smsreminders: the gateway can't be asked now: 127.0.0.1 answered 503"),
        (
            "401",
            78,
            (
                "smsreminders: the gateway refuses the account: it doesn't accept the credentials: check the secret in "
                "[gateway]"
            ),
        ),
    ],
)
def test_a_gateway_that_can_not_be_asked_changes_nothing(
    agenda: Program, spryng: FakeSpryng, fault: str, code: int, message: str
) -> None:
    spryng.report("+31612345671", "Sent", "Delivered")
    spryng.fail_next(fault, times=3 if code == ExitCode.ADMINISTRATOR else 2)  # its inbox, its opt-outs, its messages
    ended = agenda("poll")
    assert (ended.code, ended.lines, ended.said) == (code, ["3 open  0 uncertain"], [message])
    assert set(statuses(agenda).values()) == {"sent"}
    agenda.does("poll")
    assert statuses(agenda)["A1"] == "delivered"


def test_while_another_run_is_busy_it_only_listens(agenda: Program, spryng: FakeSpryng) -> None:
    spryng.report("+31612345671", "Sent", "Delivered")
    spryng.lists.receives("+31612345677", "Stop", at=spryng.now)
    with run_lock(agenda.database):
        ended = agenda("poll")
        again = agenda("--quiet poll")
    assert (ended.code, ended.lines) == (75, ["3 open  0 uncertain  1 replies  1 stopped"])
    assert ended.said == [
        "another run is busy with this database: what came in was read, reports are asked for next time"
    ]
    assert (again.code, again.out, again.err) == (75, "", "")
    assert set(statuses(agenda).values()) == {"sent"}
    assert agenda("poll --json").json["delivered"] == 1


def test_only_the_practice_that_is_named_is_asked_for(agenda: Program) -> None:
    agenda.does("practice add eik --name Eik")
    agenda.does("dispatch")
    assert agenda("poll --practice eik --json").json["asked"] == 0
    assert agenda("poll --practice linde --json").json["asked"] == 3


def test_what_patients_answered_is_heard_before_the_reports(agenda: Program, spryng: FakeSpryng) -> None:
    at = datetime.fromisoformat(TUESDAY)
    spryng.lists.receives("+31612345671", "STOP", at=at)
    spryng.lists.receives("+31612345677", "kan het later?", at=at)
    spryng.lists.opts_out("+31612345679", at=at)
    ended = agenda("poll")
    assert ended.lines == ["3 asked  3 open  0 uncertain  2 replies  1 for the desk  1 stopped  1 opt outs"]
    reads = [request.path for request in spryng.requests if request.method == "GET"]
    assert reads == ["/v2/inbox", "/v2/optouts", "/v2/messages"]
    [reply] = agenda("replies list --json").json
    assert (reply["says"], reply["phone"]) == ("other", "+316 ••• ••77")
    agenda.does("appointment add B1 --patient 1001 --start '2026-11-25 16:00'")
    agenda.does("dispatch")
    assert len(spryng.journal) == 3
