"""`dispatch`: what a round says, and the exit code of each way in which it can end."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from smsreminders.store.lock import run_lock
from tests.cli.running import TUESDAY, WEDNESDAY, Program
from tests.cli.spryng import send_by
from tests.gateways.fake_spryng import FakeSpryng

MIDNIGHT = "2026-11-25T00:30:00+01:00"


@pytest.fixture
def spryng(agenda: Program) -> Iterator[FakeSpryng]:
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as gateway:
        send_by(gateway, agenda, connections=1)
        yield gateway


def statuses(program: Program) -> dict[str, str]:
    return {
        notification["appointment"]: notification["status"]
        for notification in program("notifications list --json").json
    }


def test_a_round_says_what_it_did(agenda: Program) -> None:
    ended = agenda("dispatch --json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.json == {
        "round": 1,
        "covers": {"from": "2026-11-24", "to": "2026-11-25"},
        "practices": [{"practice": "linde", "from": "2026-11-24", "to": "2026-11-25", "held_back": False}],
        "queued": 3,
        "sent": 3,
        "uncertain": 0,
        "rejected": 0,
        "waiting": 0,
        "skipped": {
            "cancelled": 1,
            "consent-withdrawn": 1,
            "invalid-number": 1,
            "no-consent": 1,
            "no-number": 1,
            "not-mobile": 1,
            "too-late": 1,
        },
        "segments": 3,
        "cost": "0.30",
        "stopped": [],
    }


def test_a_person_reads_the_same_in_four_lines(agenda: Program) -> None:
    ended = agenda("dispatch")
    assert ended.lines == [
        "linde: covers Tue 24 Nov 2026 to Wed 25 Nov 2026",
        "3 queued  3 rehearsed  0 uncertain  0 rejected  0 waiting",
        (
            "skipped: 1 cancelled, 1 consent-withdrawn, 1 invalid-number, 1 no-consent, 1 no-number, 1 not-mobile, "
            "1 too-late"
        ),
        "3 segments, EUR 0.30 if they had been sent and delivered",
    ]
    assert ended.err == "The gateway sends nothing: what it took is rehearsed, reminds nobody and is not billed.\n"


def test_a_round_that_sends_speaks_of_sending(agenda: Program, spryng: FakeSpryng) -> None:
    ended = agenda("dispatch")
    assert (len(spryng.journal), ended.err) == (3, "")
    assert (ended.lines[1], ended.lines[-1]) == (
        "3 queued  3 sent  0 uncertain  0 rejected  0 waiting",
        "3 segments, EUR 0.30 if all of them are delivered",
    )


@pytest.mark.parametrize("command", ["dispatch", "dispatch --dry-run --json", "--quiet dispatch"])
def test_without_an_enabled_service_a_round_says_what_to_do(agenda: Program, command: str) -> None:
    agenda.does("service disable Notificaties")
    ended = agenda(command)
    assert (ended.code, ended.said) == (
        0,
        [
            (
                "smsreminders: linde has no enabled service for reminders by SMS, and 10 appointments in the coming "
                "week: run `smsreminders service enable Notificaties --practice linde`"
            )
        ],
    )


def test_a_second_round_finds_everybody_reminded(agenda: Program) -> None:
    agenda.does("dispatch")
    result = agenda("dispatch --json").json
    assert (result["round"], result["queued"], result["sent"], result["skipped"]["already-reminded"]) == (2, 0, 0, 3)


def test_a_dry_run_shows_each_appointment_once_and_changes_nothing(agenda: Program) -> None:
    before = sorted(agenda.config.parent.iterdir()), agenda.database.read_bytes()
    result = agenda("dispatch --dry-run --json").json
    assert (sorted(agenda.config.parent.iterdir()), agenda.database.read_bytes()) == before
    assert (result["round"], result["queued"], result["sent"], result["segments"], result["cost"]) == (
        None,
        3,
        0,
        3,
        "0.30",
    )
    assert result["appointments"][1] == {
        "practice": "linde",
        "appointment": "A1",
        "patient": "1001",
        "starts_at": "2026-11-25T10:30:00+01:00",
        "outcome": "send",
        "reason": None,
        "text": "Beste J. Canaria, u heeft woensdag 25 november om 10:30 een afspraak bij Tandarts Linde. "
        "Verhinderd? Laat het ons op tijd weten.",
        "encoding": "GSM-7",
        "segments": 1,
    }
    assert {appointment["appointment"]: appointment["reason"] for appointment in result["appointments"]} == {
        "A10": "too-late",
        "A1": None,
        "A2": None,
        "A3": None,
        "A4": "no-consent",
        "A5": "consent-withdrawn",
        "A6": "not-mobile",
        "A7": "no-number",
        "A8": "invalid-number",
        "A9": "cancelled",
    }


def test_a_dry_run_is_read_as_lines(agenda: Program) -> None:
    rows = [line.split("\t") for line in agenda("dispatch -n").lines[:3]]
    assert [[*row[:6], *row[7:]] for row in rows] == [
        ["linde", "A10", "1001", "2026-11-24T10:00:00+01:00", "skip", "too-late", "", "0"],
        ["linde", "A1", "1001", "2026-11-25T10:30:00+01:00", "send", "", "GSM-7", "1"],
        ["linde", "A2", "1002", "2026-11-25T10:40:00+01:00", "send", "", "GSM-7", "1"],
    ]
    assert [row[6][:5] for row in rows] == ["", "Beste", "Dear "]


def test_outside_the_sending_hours_nothing_is_planned_but_a_dry_run_is_shown(agenda: Program) -> None:
    night = agenda.at(MIDNIGHT)
    before = agenda.database.read_bytes()
    ended = night("dispatch")
    assert (ended.code, ended.out) == (75, "")
    assert ended.said == [
        "smsreminders: it is outside the sending hours (08:00 to 20:00): nothing was planned",
    ]
    assert night("dispatch --dry-run --json").json["queued"] == 4
    assert agenda.database.read_bytes() == before


def test_if_missed_does_nothing_where_the_round_of_today_was_completed(agenda: Program) -> None:
    agenda.configure('[schedule]\ncombine = "none"\n')
    agenda.does("dispatch --if-missed")
    assert len(statuses(agenda)) == 3
    agenda.does("appointment add B1 --patient 1001 --start '2026-11-25 16:00'")
    assert agenda("dispatch --if-missed").code == 0
    assert len(statuses(agenda)) == 3
    agenda.at(WEDNESDAY).does("dispatch --if-missed")
    assert {"B1", "A11"} <= set(statuses(agenda))


def test_only_the_practice_that_is_named_is_looked_at(agenda: Program) -> None:
    agenda.does("practice add eik --name Eik")
    result = agenda("dispatch --practice eik --json").json
    assert [practice["practice"] for practice in result["practices"]] == ["eik"]
    assert (result["queued"], result["skipped"]) == (0, {})
    assert agenda("dispatch --json").json["sent"] == 3


def test_each_practice_has_its_own_days_and_the_widest_are_told(agenda: Program) -> None:
    agenda.does("practice add eik --name Eik")
    agenda.does("practice days eik --closed-on 2026-11-25")
    result = agenda("dispatch --dry-run --json").json
    assert result["covers"] == {"from": "2026-11-24", "to": "2026-11-26"}
    assert {practice["practice"]: practice["to"] for practice in result["practices"]} == {
        "eik": "2026-11-26",
        "linde": "2026-11-25",
    }


def test_above_the_daily_limit_a_practice_is_held_back_and_waits_for_a_person(agenda: Program) -> None:
    agenda.configure("[schedule]\ndaily_limit = 2\n")
    ended = agenda("dispatch --json")
    assert ended.code == 3
    assert ended.err == (
        "smsreminders: practice linde is held back: more than 2 texts in a day (schedule.daily_limit); "
        "nothing of it goes out until somebody has looked at its appointments\n"
    )
    assert (ended.json["sent"], ended.json["skipped"]["limit-reached"]) == (0, 3)
    assert ended.json["practices"][0]["held_back"] is True
    agenda.configure("")
    agenda.does("dispatch --if-missed")
    assert len(statuses(agenda)) == 3


def test_what_the_gateway_rejects_waits_for_a_person(agenda: Program, spryng: FakeSpryng) -> None:
    spryng.fail_next("400-code")
    ended = agenda("dispatch --json")
    assert ended.code == 3
    assert ended.said == [
        "smsreminders: 1 were rejected: see `smsreminders notifications list --status rejected`",
    ]
    assert (ended.json["rejected"], ended.json["sent"]) == (1, 2)
    assert statuses(agenda) == {"A1": "rejected", "A2": "sent", "A3": "sent"}


def test_what_may_have_been_sent_is_asked_for_and_never_sent_again(agenda: Program, spryng: FakeSpryng) -> None:
    spryng.fail_next("drop-after")
    ended = agenda("dispatch")
    assert ended.code == 3
    assert ended.said == [
        "smsreminders: 1 notifications are uncertain: see `smsreminders notifications list --status uncertain`"
    ]
    assert statuses(agenda) == {"A1": "uncertain", "A2": "sent", "A3": "sent"}
    agenda.does("dispatch")  # the gateway knows it
    assert statuses(agenda) == {"A1": "sent", "A2": "sent", "A3": "sent"}
    assert len(spryng.journal) == 3


def test_a_gateway_that_refuses_the_account_needs_the_administrator_and_the_rest_stays_queued(
    agenda: Program, spryng: FakeSpryng
) -> None:
    spryng.fail_next("401", method="POST")
    ended = agenda("dispatch")
    assert ended.code == 78
    assert ended.err == (
        "smsreminders: the gateway refuses the account: it doesn't accept the credentials: check the secret in "
        "[gateway] (401); everything else stays queued\n"
    )
    assert set(statuses(agenda).values()) == {"queued"}
    agenda.does("dispatch --if-missed")
    assert len(spryng.journal) == 3


def test_a_gateway_that_is_down_is_tried_again_later(agenda: Program, spryng: FakeSpryng) -> None:
    with spryng.refusing():
        ended = agenda("dispatch --json")
    assert ended.code == 75
    assert ended.err == (
        "smsreminders: the gateway doesn't work as it should: 127.0.0.1: there is no connection to it; "
        "everything else stays queued\n"
    )
    assert (ended.json["queued"], ended.json["waiting"], ended.json["sent"]) == (3, 3, 0)
    assert agenda("dispatch --json --if-missed").json["sent"] == 3


def test_a_practice_whose_text_can_not_be_made_stops_no_other(agenda: Program) -> None:
    agenda.configure('[messages.appointment-reminder]\nnl = "Bel {phone}"\nen = "Call {phone}"\n')
    agenda.does("practice add eik --name Eik --phone 020-7654321")
    agenda.does("service add --practice eik --name N --channel sms --notification-type appointment-reminder")
    agenda.does("patient add 1 --practice eik --name Canaria --phone 06-12345671")
    agenda.does("consent give 1 --practice eik --how desk")
    agenda.does("appointment add E1 --practice eik --patient 1 --start '2026-11-25 10:30'")
    ended = agenda("dispatch --json")
    assert ended.code == 78
    assert ended.err == (
        "smsreminders: the text has {phone}, but practice linde has none: run `smsreminders practice edit linde "
        "--phone NUMBER`\n"
    )
    assert statuses(agenda) == {"E1": "sent"}


def test_one_run_at_a_time(agenda: Program) -> None:
    with run_lock(agenda.database):
        ended = agenda("dispatch")
        assert (ended.code, ended.out) == (75, "")
        assert ended.said == ["smsreminders: another run is busy with this database: try again when it has ended"]
        poll = agenda("--quiet poll")
        assert (poll.code, poll.out, poll.err) == (75, "", "")  # it heard what came in
        assert agenda("dispatch --dry-run").code == 0
    assert agenda("dispatch").code == 0


@pytest.mark.parametrize("command", ["--quiet dispatch", "dispatch -q", "poll --quiet", "reconcile -q --by-hand"])
def test_two_lines_of_cron_that_overlap_say_nothing_with_quiet(agenda: Program, command: str) -> None:
    with run_lock(agenda.database):
        ended = agenda(command)
    assert (ended.code, ended.out, ended.err) == (75, "", "")


def test_the_reminders_of_what_no_longer_holds_are_withdrawn(agenda: Program, spryng: FakeSpryng) -> None:
    spryng.fail_next("401", method="POST")
    agenda("dispatch")
    agenda.does("appointment cancel A1")
    agenda.does("appointment move A2 --start '2026-11-25 15:00'")
    agenda.does("consent withdraw 1003")
    agenda.does("dispatch")
    notifications = agenda("notifications list --json").json
    assert [
        (notification["appointment"], notification["status"], notification["reason"]) for notification in notifications
    ] == [
        ("A1", "cancelled", "cancelled"),
        ("A2", "cancelled", "moved"),
        ("A3", "cancelled", "consent-withdrawn"),
        ("A2", "sent", None),
    ]
    assert [request["phone"] for request in spryng.journal] == ["+31612345677"]


def test_on_a_terminal_a_bar_shows_how_far_it_is(agenda: Program) -> None:
    assert "sending" in agenda.on_a_terminal("dispatch", COLUMNS="100").err
    assert agenda.on_a_terminal("--quiet dispatch").err == ""


def test_a_dry_run_may_be_of_a_day_to_come_and_writes_nothing(agenda: Program) -> None:
    result = agenda("dispatch --dry-run --on tomorrow --json").json
    assert result["covers"] == {"from": "2026-11-25", "to": "2026-11-26"}
    assert agenda("notifications list --json").json == []


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("dispatch --on tomorrow", "--on is for --dry-run"),
        ("dispatch --dry-run --on 2026-11-23", "give today or a day of the next 60"),
        ("dispatch --dry-run --on 2027-11-23", "give today or a day of the next 60"),
    ],
)
def test_a_day_that_is_no_round_to_come_is_refused(agenda: Program, command: str, told: str) -> None:
    ended = agenda(command)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err


def test_a_round_to_one_phone_leaves_the_database_as_it_is(agenda: Program) -> None:
    before = agenda.database.read_bytes()
    sent = agenda("dispatch --rehearse 06-12345670 --json").json
    assert [(text["appointment"], text["status"]) for text in sent] == [
        ("A1", "accepted"),
        ("A2", "accepted"),
        ("A3", "accepted"),
    ]
    assert sent[0]["text"].endswith(" [1001]")
    assert agenda.database.read_bytes() == before


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("dispatch --rehearse 020-5550123", "no mobile phone number"),
        ("dispatch --rehearse 06-12345672", "the number of patient 1004 of linde, who gave no consent"),
        ("dispatch --rehearse 06-12345671", "the number of patient 1001 of linde, who would read of others"),
        ("dispatch --rehearse 0612345670 --dry-run", "--rehearse goes without --dry-run"),
    ],
)
def test_it_goes_to_no_landline_and_to_no_patient(agenda: Program, command: str, told: str) -> None:
    ended = agenda(command)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err


def test_it_goes_to_no_phone_that_said_stop(agenda: Program) -> None:
    agenda.does("stopped add 0612345670 --by anna")
    assert "that phone said STOP" in agenda("dispatch --rehearse 0612345670").err
