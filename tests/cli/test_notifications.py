"""`notifications`: all SMS with their status, one with its life, why an appointment got one or not, a person's word."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.cli.running import TUESDAY, WEDNESDAY, Program
from tests.cli.spryng import send_by
from tests.gateways.fake_spryng import FakeSpryng

TEXT = (
    "Beste J. Canaria, u heeft woensdag 25 november om 10:30 een afspraak bij Tandarts Linde. "
    "Verhinderd? Laat het ons op tijd weten."
)


@pytest.fixture
def sent(agenda: Program) -> Program:
    """After the round and the reports of Tuesday."""
    agenda.does("dispatch")
    agenda.does("poll")
    return agenda


@pytest.fixture
def uncertain(agenda: Program) -> Iterator[Program]:
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        send_by(spryng, agenda, connections=1)
        spryng.fail_next("drop-before")
        agenda("dispatch")
        yield agenda


def test_the_list_has_every_key(sent: Program) -> None:
    first = sent("notifications list --json").json[0]
    assert re.fullmatch(r"[0-9a-f]{32}", first.pop("reference"))
    assert re.fullmatch(r"sandbox-[0-9a-f]{32}", first.pop("gateway_id"))
    assert [first.pop(key) for key in ("covers", "occasion", "attempt", "account")] == [["A1"], "1wd", 1, ""]
    moments = [first.pop(key) for key in ("created_at", "sent_at", "delivered_at")]
    assert [moment[: len("2026-11-24T09:00")] for moment in moments] == [TUESDAY[: len("2026-11-24T09:00")]] * 3
    assert first == {
        "id": 1,
        "practice": "linde",
        "service": "Notificaties",
        "appointment": "A1",
        "patient": "1001",
        "phone": "+316 ••• ••71",
        "starts_at": "2026-11-25T10:30:00+01:00",
        "text": TEXT,
        "encoding": "GSM-7",
        "segments": 1,
        "status": "delivered",
        "reason": None,
        "gateway": "sandbox",
        "rehearsed": True,
    }


def test_the_list_comes_as_csv_with_numbers_masked_or_in_full(sent: Program) -> None:
    header, first, *_ = sent("notifications list --csv").lines
    assert header == (
        "id,reference,practice,service,appointment,patient,phone,starts_at,text,encoding,segments,status,reason,"
        "gateway,gateway_id,created_at,sent_at,rehearsed,delivered_at,covers,occasion,attempt,account"
    )
    assert first.split(",")[6] == "'+316 ••• ••71"
    _, first, *_ = sent("notifications list --csv --show-numbers").lines
    assert first.split(",")[6] == "+31612345671"
    assert sent("notifications list --json --show-numbers").json[1]["phone"] == "+31612345677"


def test_off_a_terminal_it_is_lines(sent: Program) -> None:
    rows = [line.split("\t") for line in sent("notifications list").lines]
    assert [[row[0], *row[2:8], *row[10:13], *row[15:19]] for row in rows] == [
        [
            number,
            "linde",
            "Notificaties",
            *of,
            f"2026-11-25T{start}:00+01:00",
            "1",
            *stands,
            TUESDAY,
            TUESDAY,
            "yes",
            delivered,
        ]
        for number, of, start, stands, delivered in (
            ("1", ("A1", "1001", "+316 ••• ••71"), "10:30", ("delivered", ""), TUESDAY),
            ("2", ("A2", "1002", "+316 ••• ••77"), "10:40", ("failed", "failed"), ""),
            ("3", ("A3", "1003", "+316 ••• ••79"), "10:50", ("sent", ""), ""),
        )
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("--status delivered", [1]),
        ("--status queued", []),
        ("--appointment A2", [2]),
        ("--appointment A4", []),
        ("--patient 1003", [3]),
        ("--from 2026-11-25", [4]),
        ("--to 2026-11-24", [1, 2, 3]),
        ("--from 2026-11-24 --to 2026-11-25 --practice linde", [1, 2, 3, 4]),
    ],
)
def test_the_list_can_be_narrowed_down(sent: Program, options: str, expected: list[int]) -> None:
    sent.at(WEDNESDAY).does("dispatch")
    assert [notification["id"] for notification in sent(f"notifications list {options} --json").json] == expected


def test_a_notification_is_shown_with_its_life_its_consent_and_its_cost(sent: Program) -> None:
    notification = sent("notifications show 1 --json").json
    assert [(event["status"], event["at"], event["detail"]) for event in notification["events"]] == [
        ("queued", TUESDAY, None),
        ("sending", TUESDAY, None),
        ("sent", TUESDAY, None),
        ("delivered", TUESDAY, "delivered"),
    ]
    assert notification["consent"] == {
        "consent": "given",
        "at": TUESDAY,
        "how": "import",
        "by": "patients.csv",
        "wording": "",
        "recorded_at": TUESDAY,
    }
    assert (notification["accepted_at"], notification["consent_recorded_later"], notification["waived"]) == (
        TUESDAY,
        [],
        None,
    )
    assert (notification["text"], notification["phone"], notification["sender_id"]) == (TEXT, "+316 ••• ••71", "Linde")
    assert (notification["gateway"], notification["rate"], notification["cost"], notification["billable"]) == (
        "sandbox",
        "0.10",
        "0.10",
        True,
    )
    assert sent(f"notifications show {notification['reference']} --show-numbers --json").json["phone"] == "+31612345671"


def test_a_person_reads_one_page(sent: Program) -> None:
    notification = sent("notifications show 1 --json").json
    at = {event["status"]: event["at"] for event in notification["events"]}
    consent = notification["consent"]
    assert sent("notifications show 1").lines == [
        f"Notification 1, reference {notification['reference']}",
        "  practice linde, service Notificaties",
        "  appointment A1 of patient 1001, 2026-11-25T10:30:00+01:00, revision 1, 1wd, a rehearsal",
        "  to +316 ••• ••71 from Linde",
        "  delivered",
        "",
        "The text as it was sent (1 segment, GSM-7)",
        f"  {TEXT}",
        "",
        "Consent in force when it was sent",
        f"  given on {consent['at']} (import by patients.csv), recorded on {consent['recorded_at']}",
        "",
        "Handed over",
        f"  {at['sending']} to sandbox",
        f"  {at['sent']} accepted as {notification['gateway_id']}",
        "",
        "Delivered",
        f"  {at['delivered']} known by our clock",
        *(
            [f"  {notification['delivered_reported_at']} by the gateway's clock"]
            if notification["delivered_reported_at"]
            else []
        ),
        "",
        "What happened",
        f"  {at['queued']} queued",
        f"  {at['sending']} sending",
        f"  {at['sent']} sent",
        f"  {at['delivered']} delivered delivered",
        "",
        "The bill",
        "  on no closed bill yet: 1 segment x 0.10 = EUR 0.10",
        "",
        "What it comes to",
        (
            "  Nobody was texted: notification 1 is a rehearsal, of a gateway that sends nothing. What to do: "
            "configure a real gateway ([gateway] in the configuration), then run `smsreminders dispatch`."
        ),
    ]


@pytest.mark.parametrize(
    ("number", "heading", "line"),
    [
        (2, "Delivered", "  no report says so"),
        (2, "The bill", "  on none: only what was delivered is billed"),
        (3, "Delivered", "  no report says so"),
    ],
)
def test_a_page_says_too_what_there_is_not(sent: Program, number: int, heading: str, line: str) -> None:
    lines = sent(f"notifications show {number}").lines
    assert lines[lines.index(heading) + 1] == line


def test_an_appointment_is_explained_round_by_round(sent: Program) -> None:
    sent.at(WEDNESDAY).does("dispatch")
    explanation = sent.at(WEDNESDAY)("notifications explain A3 --json").json
    assert explanation == {
        "practice": "linde",
        "appointment": "A3",
        "patient": "1003",
        "starts_at": "2026-11-25T10:50:00+01:00",
        "status": "booked",
        "revision": 1,
        "now": "already-reminded",
        "unclear": None,
        "missing": None,
        "rounds": [
            {"round": 1, "at": TUESDAY, "revision": 1, "outcome": "send", "reason": None},
            {"round": 2, "at": WEDNESDAY, "revision": 1, "outcome": "skip", "reason": "already-reminded"},
        ],
        "notifications": [
            {"id": 3, "revision": 1, "status": "sent", "reason": None, "sent_at": TUESDAY}
            | {"covers": ["A3"], "occasion": "1wd", "attempt": 1}
        ],
        "replies": [],
        "stopped": None,
        "conclusion": (
            "Nobody was texted: notification 3 is a rehearsal, of a gateway that sends nothing. What to do: configure "
            "a real gateway ([gateway] in the configuration), then run `smsreminders dispatch`."
        ),
    }


@pytest.mark.parametrize(
    ("appointment", "now", "last"),
    [
        ("A1", "already-reminded", "notification 1: delivered, revision 1, 1wd, a rehearsal"),
        ("A2", "already-reminded", "notification 2: failed (failed), revision 1, 1wd, a rehearsal"),
        ("A11", "not-covered", "no round has looked at it yet"),
    ],
)
def test_a_person_reads_why(sent: Program, appointment: str, now: str, last: str) -> None:
    lines = sent(f"notifications explain {appointment}").lines
    assert f"now          {now}" in lines
    assert lines[-2] == last


def test_why_an_appointment_was_skipped_is_read_too(sent: Program) -> None:
    *lines, line, conclusion = sent("notifications explain A4").lines
    assert "starts at    wo 25 nov 11:00" in lines
    assert line == "round 1 at di 24 nov 09:00: skip (no-consent), revision 1"
    assert conclusion == (
        "The patient was never asked for consent. What to do: ask, then run `smsreminders consent give 1004 --practice "
        "linde --how desk`."
    )


@pytest.mark.parametrize(
    ("appointment", "conclusion"),
    [
        ("A1", "The next round sends its reminder."),
        ("A5", "The patient's last word on consent is no: nothing is sent until they give it."),
        ("A6", "The patient's number is no mobile one."),
        ("A7", "The patient has no phone number."),
        ("A9", "The appointment is cancelled."),
        ("A11", "No round covers it yet: each one covers up to the end of the next working day."),
    ],
)
def test_an_explanation_ends_with_what_it_comes_to(agenda: Program, appointment: str, conclusion: str) -> None:
    assert agenda(f"notifications explain {appointment}").lines[-1].partition(" What to do")[0] == conclusion


def test_a_number_of_another_country_is_told_with_the_countries_that_are_texted(agenda: Program) -> None:
    agenda.configure('[numbers]\ncountries = ["DE", "BE"]\n')
    conclusion = agenda("notifications explain A1 --json").json["conclusion"].partition(" What to do")[0]
    assert (
        conclusion == "The patient's number is no mobile one of BE, DE, the [numbers] countries of the configuration."
    )


def test_what_has_begun_is_told_as_such(agenda: Program) -> None:
    later = agenda.at("2026-12-01T09:00:00+01:00")
    assert later("notifications explain A1").lines[-1] == "It has begun, so no round covers it any more."
    agenda.does("dispatch")
    assert later("notifications explain A4").lines[-1] == (
        "It has begun, so no round covers it any more, and the last one skipped it: no-consent."
    )
    agenda.were_sent()
    assert later("notifications explain A1").lines[-1].startswith("It has its reminder, notification 1.")


def test_a_failed_text_says_what_to_do_and_a_corrected_number_that_it_goes_once_more(sent: Program) -> None:
    sent.were_sent()
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        send_by(spryng, sent)
        failed = sent("notifications explain A2").lines[-1]
        sent.does("patient edit 1002 --phone 0612345671")
        corrected = sent("notifications explain A2").lines[-1]
    assert failed == (
        "It has its reminder, notification 2. It did not arrive; where the number is another by the next round, it "
        "goes once more, to that one. What to do: call the patient if the appointment is still to come, or correct the "
        "number in time: in the practice's own record, or run `smsreminders patient edit 1002 --practice linde --phone "
        "NUMBER`."
    )
    assert corrected == "The next round sends once more, to the number that the patient has now."


def test_a_rehearsal_that_failed_asks_nobody_to_call_the_patient(sent: Program) -> None:
    expected = (
        "Nobody was texted: notification 2 is a rehearsal, of a gateway that sends nothing. What to do: configure a "
        "real gateway ([gateway] in the configuration), then run `smsreminders dispatch`."
    )
    ends = [sent(f"notifications {command} A2").lines[-1].strip() for command in ("explain", "show")]
    assert ends == [expected, expected]


def test_with_a_real_gateway_a_rehearsal_is_told_as_such(sent: Program) -> None:
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        send_by(spryng, sent, connections=1)
        before = sent("notifications explain A1").lines[-2:]
        sent("dispatch")
        after = sent("notifications explain A1").lines[-1]
    assert before == [
        "notification 1: delivered, revision 1, 1wd, a rehearsal",
        "The next round sends its reminder. Notification 1 was a rehearsal: nobody was texted.",
    ]
    assert after.startswith("It has its reminder, notification 4. The gateway took it")


def test_what_keeps_the_whole_practice_back_is_told(agenda: Program) -> None:
    agenda.configure('[messages.appointment-reminder]\nnl = "Bel {phone}"\n')
    assert (
        agenda("notifications explain A1").lines[-1].startswith("No reminder of this practice can leave: the text has")
    )


def test_an_explanation_takes_a_notifications_id_or_reference_too(sent: Program) -> None:
    expected = sent("notifications explain A3 --json").json
    reference = sent("notifications show 3 --json").json["reference"]
    assert [sent(f"notifications explain {word} --json").json for word in ("3", reference)] == [expected, expected]
    sent.does("appointment add 3 --patient 1001 --start '2026-11-27 10:30'")
    assert sent("notifications explain 3 --json").json["appointment"] == "3"  # an appointment's own id goes before


def test_a_page_is_found_by_the_appointment_too(sent: Program) -> None:
    expected = sent("notifications show 3 --json").json
    assert sent("notifications show A3 --json").json == expected
    assert sent("notifications show A3 --practice linde --json").json == expected
    assert sent("notifications show A4").said == [
        "smsreminders: appointment A4 has no notification: `smsreminders notifications explain` says why"
    ]


def test_a_notification_of_another_practice_is_not_taken_for_one_of_this(sent: Program) -> None:
    sent.does("practice add eik --name 'Huisarts Eik'")
    assert sent("notifications show 3 --practice eik").code == 2
    assert sent("notifications explain 3 --practice eik").code == 2
    assert sent("notifications explain 3 --practice linde").code == 0


def test_a_withdrawn_one_says_why(agenda: Program) -> None:
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        send_by(spryng, agenda, connections=1)
        spryng.fail_next("401", method="POST")
        agenda("dispatch")
        agenda.does("consent withdraw 1001 --how desk")
        agenda("dispatch")
    assert "last word on consent is no" in agenda("notifications show A1").lines[-1]


def test_before_a_round_it_says_what_one_would_do(agenda: Program) -> None:
    assert agenda("notifications explain A1 --json").json["now"] == "send"
    assert agenda("notifications explain A8 --json").json["now"] == "invalid-number"


SETTLED = "2026-11-24T09:10:00+01:00"  # by then the gateway's list doesn't lag any more


@pytest.mark.parametrize(("word", "becomes"), [("sent", "sent"), ("not-sent", "queued")])
def test_an_uncertain_one_takes_a_persons_word(uncertain: Program, word: str, becomes: str) -> None:
    [waits] = uncertain("notifications list --status uncertain --json").json
    ended = uncertain.at(SETTLED)(f"notifications settle {waits['id']} --as {word}")
    assert ended.code == 0
    whose = f"appointment {waits['appointment']}, patient {waits['patient']} of practice linde"
    assert ended.said == [f"Notification {waits['id']} ({whose}) is {becomes} now."]
    assert uncertain(f"notifications show {waits['id']} --json").json["status"] == becomes


def test_what_was_settled_as_not_sent_goes_with_the_next_round(uncertain: Program) -> None:
    [waits] = uncertain("notifications list --status uncertain --json").json
    uncertain.at(SETTLED).does(f"notifications settle {waits['reference']} --as not-sent")
    assert uncertain("dispatch --json").json["sent"] == 1


def test_a_delivered_one_is_taken_back_by_a_person_only(sent: Program) -> None:
    sent.does("notifications settle 1 --as not-delivered")
    sent.does("poll")
    notification = sent("notifications show 1 --json").json
    assert (notification["status"], notification["billable"]) == ("failed", False)
    assert notification["events"][-1]["detail"] == "settled by a person as not-delivered"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("list --status lost", "'lost' is not one of 'queued', 'sending', 'sent', 'delivered'"),
        ("list --from gisteren", '"gisteren" is no date: write it like 2026-11-24'),
        ("list --practice eik", 'there is no practice "eik"'),
        ("show 99", 'there is no notification "99"; `smsreminders notifications list` shows them'),
        ("show 99999999999999999999", 'there is no notification "99999999999999999999"'),
        ("explain B1", 'there is no appointment "B1"'),
        ("settle 1", "Missing option '--as'"),
        ("settle 1 --as read", "'read' is not one of 'sent', 'not-sent', 'not-delivered'"),
        ("settle 1 --as sent", "notification 1 is delivered: only uncertain can be settled as sent"),
        ("settle 3 --as not-delivered", "notification 3 is sent: only delivered can be settled as not-delivered"),
        ("settle 99 --as sent", 'there is no notification "99"'),
    ],
)
def test_what_can_not_be_is_a_usage_error_that_changes_nothing(sent: Program, command: str, message: str) -> None:
    before = sent.database.read_bytes()
    ended = sent(f"notifications {command}")
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert sent.database.read_bytes() == before


@pytest.mark.parametrize(
    ("patient", "at", "appointment"),
    [
        ("1001", TUESDAY, "A10"),  # the next one
        ("1001", "2026-11-24T10:01:00+01:00", "A1"),
        ("1001", "2026-11-25T11:00:00+01:00", "A11"),  # A9 is next, but cancelled
        ("1001", "2026-11-27T09:00:00+01:00", "A11"),  # the last one
    ],
)
def test_of_a_patient_the_next_booked_appointment_is_explained_or_the_last(
    agenda: Program, patient: str, at: str, appointment: str
) -> None:
    explained = agenda.at(at)(f"notifications explain --patient {patient} --json")
    assert explained.json["appointment"] == appointment


def test_it_must_be_said_whose_or_which_appointment_is_explained(agenda: Program) -> None:
    assert agenda("notifications explain").code == 2
    assert agenda("notifications explain A1 --patient 1001").code == 2
    assert agenda("notifications explain --patient 9999").code == 2
    agenda.does("patient add 2001 --name Niemand")
    assert agenda("notifications explain --patient 2001").said == ["smsreminders: patient 2001 has no appointment"]
