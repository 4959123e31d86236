"""`practice`: added, shown, changed, and its own days."""

import pytest

from tests.cli.running import Program

LEGAL = ("legal_name", "street", "postcode", "town", "kvk_number", "vat_number", "buyer_reference")


def test_a_practice_is_added_and_what_comes_next_is_said(linde: Program) -> None:
    ended = linde("practice add eik --name ' Huisarts Eik ' --sender-id EIK --phone 020-7654321 --language en")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == (
        "Added practice eik (Huisarts Eik), texts come from EIK. Next: smsreminders service add --practice eik "
        "--name Notificaties --channel sms --notification-type appointment-reminder\n"
    )
    assert linde("practice list --json").json == [
        {"code": "eik", "name": "Huisarts Eik", "sender_id": "EIK", "phone": "020-7654321", "language": "en"},
        {"code": "linde", "name": "Tandarts Linde", "sender_id": "Linde", "phone": "", "language": None},
    ]


def test_without_a_sender_id_it_is_what_is_its_own_in_the_name(linde: Program) -> None:
    linde.does("practice add eik --name 'Café De Eik 24/7, Zuid'")
    assert linde("practice show eik --json").json["sender_id"] == "CafeEik247"


def test_the_list_comes_as_csv_and_as_lines(linde: Program) -> None:
    linde.does("practice add eik --name '=Eik, arts' --sender-id EIK")
    assert linde("practice list --csv").lines == [
        "code,name,sender_id,phone,language",
        'eik,"\'=Eik, arts",EIK,,',
        "linde,Tandarts Linde,Linde,,",
    ]
    assert linde("practice list").lines == ["eik\t=Eik, arts\tEIK\t\t", "linde\tTandarts Linde\tLinde\t\t"]


def test_a_practice_is_shown_with_its_services_and_days(linde: Program) -> None:
    linde.does("practice days linde --closed-on 2026-12-24 --open-on 2026-12-25 --open-on-holiday 'goede vrijdag'")
    linde.does("service add --name Uit")
    linde.does("service disable Uit")
    shown = linde("practice show linde --json").json
    assert sorted(shown.pop("rules"))[:2] == ["combine", "daily_limit"]
    assert shown == {
        "code": "linde",
        "name": "Tandarts Linde",
        "sender_id": "Linde",
        "phone": "",
        "language": None,
        **dict.fromkeys(LEGAL, ""),
        "services": ["Notificaties"],
        "closed_on": ["2026-12-24"],
        "open_on": ["2026-12-25"],
        "open_on_holidays": ["Goede vrijdag"],
    }
    assert "closed on         2026-12-24" in linde("practice show linde").lines


def test_a_change_leaves_the_rest(linde: Program) -> None:
    linde.does("practice edit linde --phone 020-7654321 --language en")
    linde.does("practice edit linde --name Linde")
    linde.does("practice edit linde --sender-id LINDE")
    [practice] = linde("practice list --json").json
    assert practice == {
        "code": "linde",
        "name": "Linde",
        "sender_id": "LINDE",
        "phone": "020-7654321",
        "language": "en",
    }


def test_a_change_says_in_one_line_whom_it_touched_and_what_it_changed(linde: Program) -> None:
    changed = linde("practice edit linde --name Linde --phone 020-7654321 --town Utrecht")
    assert (changed.out, changed.said) == ("", ["Changed practice linde (Linde): name, phone, town."])
    assert linde("practice edit linde --town Utrecht").said == ["Nothing is changed of practice linde (Linde)."]
    assert linde("practice days linde --open-on 2026-12-25").said == ["Changed the days of practice linde (Linde)."]
    assert linde("practice days linde").said == []


def test_a_practice_is_renamed_and_what_it_said_before_stays(agenda: Program) -> None:
    agenda.does("dispatch")
    before = [notification["reference"] for notification in agenda("notifications list --json").json]
    ended = agenda("practice rename linde de-linde")
    assert (ended.code, ended.out) == (0, "")
    assert ended.said == ["Renamed linde: it is practice de-linde (Tandarts Linde) now. Change it in your crontab too."]
    assert [
        notification["reference"] for notification in agenda("notifications list --practice de-linde --json").json
    ] == before
    assert agenda("dispatch --practice linde").said == [
        'smsreminders: there is no practice "linde"; it is "de-linde" now'
    ]
    assert agenda("dispatch --practice de-linde").code == 0


def test_legal_details_are_told_at_once_or_one_by_one_and_shown(linde: Program) -> None:
    linde.does(
        "practice add eik --name Eik --legal-name 'Huisarts Eik B.V.' --street 'Laan 1' --postcode '1234 AB'"
        " --town Utrecht --kvk-number 12345678 --vat-number NL123456789B01 --buyer-reference PO-7"
    )
    linde.does("practice edit eik --town ' Zeist ' --buyer-reference ''")
    linde.does("practice edit eik --phone 030-7654321")
    shown = linde("practice show eik --json").json
    assert [shown[name] for name in LEGAL] == [
        *("Huisarts Eik B.V.", "Laan 1", "1234 AB", "Zeist", "12345678", "NL123456789B01", "")
    ]
    assert "kvk number        12345678" in linde("practice show eik").lines


def test_the_days_are_shown_after_each_change_and_can_be_taken_back(linde: Program) -> None:
    shown = linde("practice days linde --closed-on 2026-12-24 --closed-on 2026-12-28 --open-on 2026-12-26 --json")
    assert shown.json == {
        "closed_on": ["2026-12-24", "2026-12-28"],
        "open_on": ["2026-12-26"],
        "open_on_holidays": [],
    }
    shown = linde("practice days linde --open-on 2026-12-24 --open-on-holiday koningsdag --json")
    assert shown.json == {
        "closed_on": ["2026-12-28"],
        "open_on": ["2026-12-24", "2026-12-26"],
        "open_on_holidays": ["Koningsdag"],
    }
    forgotten = "--forget 2026-12-28 --forget 2026-12-24 --forget 2026-12-26 --forget Koningsdag"
    assert linde(f"practice days linde {forgotten} --json").json == {
        "closed_on": [],
        "open_on": [],
        "open_on_holidays": [],
    }
    assert linde("practice days linde").out == ""


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("add eik", "Missing option '--name'"),
        ("add eik --name ' '", "a practice has a name"),
        ("add Eik --name Eik", '"Eik" is no code for a practice: use small letters, digits and dashes'),
        ("add eik --name '!'", 'no sender ID can be made from "!": give one with --sender-id'),
        ("add eik --name Eik --sender-id 'Huisarts De Eik'", '"Huisarts De Eik" is no sender ID'),
        ("add eik --name Eik --language Nederlands", '"Nederlands" is no language: write its code, like nl or en'),
        ("add linde --name Linde", 'there is a practice "linde" already; change it with `practice edit`'),
        ("edit lind --name Linde", 'there is no practice "lind"; did you mean "linde"?'),
        ("edit linde --sender-id 'A B'", '"A B" is no sender ID'),
        ("rename linde linde", 'the code of this practice is "linde" already'),
        ("rename linde Linde", '"Linde" is no code for a practice: use small letters, digits and dashes'),
        ("rename eik els", 'there is no practice "eik"'),
        ("show eik", 'there is no practice "eik"; known are: linde'),
        ("edit linde --kvk-number 123", '"123" is no KvK number: write its 8 digits'),
        ("add eik --name Eik --vat-number 123", '"123" is no VAT number: write it like NL123456789B01'),
        ("days linde --closed-on 24-13-2026", '"24-13-2026" is no date: write it like 2026-11-24'),
        ("days linde --closed-on 2026-13-24", '"2026-13-24" is no date: write it like 2026-11-24'),
        ("days linde --forget 2026-12", '"2026-12" is no date: write it like 2026-11-24'),
        ("days linde --open-on-holiday 'Goede vridag'", 'no public holiday is called "Goede vridag"; did you mean'),
        ("days linde --forget 'Goede vridag'", 'no public holiday is called "Goede vridag"; did you mean'),
        ("days eik --closed-on 2026-12-24", 'there is no practice "eik"'),
    ],
)
def test_what_can_not_be_is_a_usage_error_that_changes_nothing(linde: Program, command: str, message: str) -> None:
    before = linde.database.read_bytes()
    ended = linde(f"practice {command}")
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert linde.database.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("add eik --name 'Tandarts Linde'", '"Linde" is the sender ID of practice linde'),
        ("add eik --name Eik --sender-id DigiD", '"DigiD" is the name of a well-known other'),
        ("edit linde --sender-id Info", '"Info" says nothing of the practice'),
        ("edit linde --sender-id 112", '"112" is an emergency number'),
    ],
)
def test_a_sender_id_that_is_not_the_practices_own_is_taken_only_from_who_is_sure(
    linde: Program, words: str, reason: str
) -> None:
    before = linde("practice list").out
    ended = linde(f"practice {words}")
    message = f"smsreminders: {reason}: give another one with --sender-id, or add --sure"
    assert (ended.code, ended.said, linde("practice list").out) == (2, [message], before)
    linde.does(f"practice {words} --sure")
    assert linde("practice list").out != before


@pytest.mark.parametrize(
    ("country", "number", "expected"), [("NL", "0205550123", "+31205550123"), ("BE", "0470123456", "+32470123456")]
)
def test_a_number_as_a_sender_id_is_of_the_configured_country(
    linde: Program, country: str, number: str, expected: str
) -> None:
    linde.configure(f'country = "{country}"\n')
    linde.does(f"practice edit linde --sender-id {number}")
    assert linde("practice show linde --json").json["sender_id"] == expected


def test_other_details_change_although_the_sender_id_is_not_the_practices_own(linde: Program) -> None:
    linde.does("practice edit linde --sender-id Info --sure")
    linde.does("practice edit linde --phone 020-7654321")
    assert linde("practice show linde --json").json["sender_id"] == "Info"


def test_a_day_is_not_closed_and_open(linde: Program) -> None:
    ended = linde("practice days linde --closed-on 2026-12-24 --open-on 2026-12-24")
    assert (ended.code, ended.err) == (
        2,
        "smsreminders: 2026-12-24 can't be both closed and open: say one of the two; nothing was changed\n",
    )
