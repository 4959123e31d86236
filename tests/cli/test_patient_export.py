"""`patient export`: all that is known of a patient, and of no other, as JSON and as a page in Dutch."""

import json
import re

from smsreminders.domain.appointments import Booking, Outcome
from smsreminders.domain.keep.access import Verb
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.replies import Says
from smsreminders.domain.round.stopped import How
from tests.cli.answering import answered
from tests.cli.running import WEDNESDAY, Program

KEYS = {
    "practice", "id", "name", "phone", "number", "language", "unclear", "unclear_since", "numbers", "consents",
    "appointments", "former_appointments",
    "said_of_patient", "said_of_appointments", "texts", "stopped", "number_words", "replies", "rounds", "accesses",
}  # fmt: skip


def a_life(program: Program) -> Program:
    """A patient who was texted, answered, got another number and was billed; and others."""
    program.sends()
    answered(program, "Kan het een uur later?")
    program.at("2026-11-24T13:00:00+01:00").does("poll")
    program.does("stopped add 06-12345671 --by anna")
    program.does("patient edit 1001 --phone 06-12345670")
    return program.at("2027-01-06T09:00:00+01:00")


def test_an_export_has_all_that_is_known_of_a_patient_and_nothing_of_another(agenda: Program) -> None:
    later = a_life(agenda)
    later.does("reconcile --by-hand")
    later.does("report --month 2026-11 --close")
    later.does("patient export 1001 --output 1001.json --by anna")
    file = agenda.home / "1001.json"
    known = json.loads(file.read_text(encoding="utf-8"))
    assert set(known) == KEYS
    assert (known["name"], known["numbers"]) == ("J. Canaria", ["+31612345670", "+31612345671"])
    assert [row["id"] for row in known["appointments"]] == ["A10", "A1", "A9", "A11"]
    [text, *_] = known["texts"]
    assert (text["status"], text["phone"], "J. Canaria" in text["text"]) == ("delivered", "+31612345671", True)
    assert [event["status"] for event in text["events"]] == ["queued", "sending", "sent", "delivered"]
    assert [bill["period"] for bill in text["bills"]] == ["2026-11"]
    assert [row["text"] for row in known["replies"]] == ["Kan het een uur later?"]
    assert [row["stopped"] for row in known["stopped"]] == [True]
    assert [(row["by"], row["verb"]) for row in known["accesses"]] == [
        ("anna", "changed"),
        ("", "changed"),
        ("anna", "exported"),
    ]
    assert {row["appointment"] for row in known["rounds"]} == {"A1", "A9", "A10"}
    whole = file.read_text(encoding="utf-8")
    assert re.findall(r"[K-Q]\. Canaria|\+3161234567[2-9]|\b100[2-8]\b", whole) == []
    assert f"{file.stat().st_mode & 0o777:o}" == "600"
    ended = later("patient export 1001 --output 1001.json")
    assert (ended.code, ended.said[-1]) == (2, "smsreminders: 1001.json exists already: nothing was changed")


def test_the_page_is_dutch_and_no_name_does_anything_in_it(agenda: Program) -> None:
    agenda.does("dispatch")
    agenda.does("patient edit 1001 --name '<script>alert(1)</script>'")
    agenda.at(WEDNESDAY).does("patient export 1001 --html --output 1001.html")
    page = (agenda.home / "1001.html").read_text(encoding="utf-8")
    assert "<script" not in page
    for text in ("Wat wij van u weten", "&lt;script&gt;", "wo 25 nov 10:30", "verzonden op", "+31612345671"):
        assert text in page


def test_the_page_has_none_of_our_own_words(agenda: Program) -> None:
    later = a_life(agenda)
    answered(later, "geen sms meer", phone="+31612345670")
    later.does("reconcile --by-hand")
    later.does("report --month 2026-11 --close")
    later.does("patient export 1001 --html --output 1001.html --by anna")
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", (agenda.home / "1001.html").read_text(encoding="utf-8"))
    ours = {*SkipReason, *Status, *Says, *Verb, *How, *Outcome, *Booking, "regular", "by hand", "dead", "gateway"}
    assert ours & set(cells) == set()
    for word in ("te laat gemaakt of verzet", "afgezegd", "misschien geen sms meer", "gewoon", "met de hand"):
        assert word in cells


def test_nobody_knows_a_patient_who_is_not_there(agenda: Program) -> None:
    ended = agenda("patient export 9999")
    assert (ended.code, ended.out) == (2, "")
    assert agenda("log list --json").json == []
