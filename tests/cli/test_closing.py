"""`report --close`: a month is closed once for good; what comes later is late, what is taken back a correction."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.running import Program

GOLDEN = Path(__file__).parents[1] / "data"
FIFTH = "2026-12-05T06:00:00+01:00"
JANUARY = "2027-01-05T06:00:00+01:00"
CLOSE = "report --month 2026-11 --close"
EVENTS = """insert into notification_events (notification_id, at, status)
    select id, delivered_at, status from notifications where status = 'delivered'"""


@pytest.fixture
def delivered(agenda: Program) -> Program:
    """On 5 December at six, with what was delivered in November."""
    agenda.sends()
    agenda.does("poll")
    return agenda.at(FIFTH)


def lines(program: Program, month: str) -> list[str]:
    return program.does(f"report --month {month} --format csv").splitlines()[1:]


def test_a_closed_month_prints_the_same_bytes_in_every_format_for_ever(delivered: Program) -> None:
    formats = ("table", "csv", "csv-nl", "json")
    first = [delivered(f"{CLOSE} --format {form}").out for form in formats]
    delivered.does("practice edit linde --name '=SOM(A1)' --legal-name 'De Linde BV'")
    delivered.does("rate add 0.50 --from 2026-12-01")
    delivered.configure('[billing]\nrate = "0.70"\nvat = "9"\ncurrency = "USD"\n')
    later = delivered.at("2027-03-01T09:00:00+01:00")
    assert [later(f"{CLOSE} --format {form}").out for form in formats] == first
    assert [later(f"report --month 2026-11 --format {form}").out for form in formats] == first
    assert "provisional" not in first[0]
    assert later("report --month 2026-11 --format csv").err == ""


def test_a_close_says_once_what_was_charged_to_whom(delivered: Program) -> None:
    assert delivered(CLOSE).said == ["Closed 2026-11 for good, without VAT: linde EUR 0.10."]
    assert delivered(CLOSE).said == []
    assert delivered.at(JANUARY)("report --month 2026-12 --close").said == [
        "Closed 2026-12 for good, without VAT: nothing to charge."
    ]


def test_json_says_that_it_is_closed_and_when(delivered: Program) -> None:
    bill = delivered(f"{CLOSE} --format json").json
    assert (bill["status"], bill["closed_at"], bill["waived"]) == ("closed", "2026-12-05T05:00:00+00:00", 0)
    assert [total["amount"] for total in bill["totals"]] == [bill["lines"][0]["amount"]]


def test_without_a_month_it_is_the_last_one_that_cron_closes(delivered: Program) -> None:
    ended = delivered("--quiet report --close")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert delivered("report --month 2026-11 --format json").json["status"] == "closed"
    assert delivered("--quiet report --close").code == 0  # on the 6th again


def test_before_its_time_a_month_is_not_closed_unless_it_is_forced(delivered: Program) -> None:
    early = delivered.at("2026-12-05T05:59:59+01:00")
    ended = early(CLOSE)
    assert (ended.code, "2026-12-05 06:00" in ended.err) == (75, True)
    assert early("report --month 2026-11 --format json").json["status"] == "open"
    assert early(f"{CLOSE} --force --format json").json["status"] == "closed"
    assert delivered.at("2026-11-30T23:00:00+01:00")(f"{CLOSE} --force").code == 0  # it is closed already
    assert early("report --month 2026-12 --close --force").code == 75  # it isn't over


@pytest.mark.parametrize(
    "words", ["report --month 2026-11 --force", f"{CLOSE} --practice linde", "report --month 2026-1"]
)
def test_what_can_not_be_meant_is_a_usage_error(delivered: Program, words: str) -> None:
    assert delivered(words).code == 2


def test_what_is_known_after_the_close_is_a_late_line_of_the_next_month(agenda: Program) -> None:
    agenda.sends()
    closed = agenda.at(FIFTH)
    assert lines(closed.at(FIFTH), "2026-11") == []
    assert closed(f"--quiet {CLOSE}").out == ""
    closed.does("poll")
    january = agenda.at(JANUARY)
    january.does("report --month 2026-12 --close")
    (late,) = lines(january, "2026-12")
    assert late.startswith("2026-12,linde,Tandarts Linde,Notificaties,late,2026-11,")
    assert lines(january, "2026-11") == []


def test_what_is_known_more_than_35_days_after_sending_is_waived_and_counted(agenda: Program) -> None:
    agenda.sends()
    agenda.at(FIFTH).does(CLOSE)
    january = agenda.at(JANUARY)
    with closing(sqlite3.connect(agenda.database)) as db, db:
        db.execute("update notifications set status = 'delivered', delivered_at = '2026-12-30T23:00:00Z'")
        db.execute(EVENTS)
    bill = january("report --month 2026-12 --close --format json").json
    assert (bill["lines"], bill["waived"] > 0) == ([], True)
    assert january.at("2027-02-05T06:00:00+01:00")("report --month 2027-01 --close --format json").json["waived"] == 0


def test_what_a_person_takes_back_is_a_correction_of_the_next_month_once(delivered: Program) -> None:
    delivered.does(CLOSE)
    before = lines(delivered, "2026-11")
    (first, *_) = [
        notification
        for notification in delivered("notifications list --json").json
        if notification["status"] == "delivered"
    ]
    delivered.does(f"notifications settle {first['id']} --as not-delivered")
    january = delivered.at(JANUARY)
    january.does("report --month 2026-12 --close")
    (correction,) = lines(january, "2026-12")
    assert correction.startswith("2026-12,linde,Tandarts Linde,Notificaties,correction,2026-11,-1,-")
    assert lines(january, "2026-11") == before
    february = delivered.at("2027-02-05T06:00:00+01:00")
    february.does("report --month 2027-01 --close")
    assert lines(february, "2027-01") == []
    shown = february(f"notifications show {first['id']} --json").json
    assert [(bill["period"], bill["kind"]) for bill in shown["bills"]] == [
        ("2026-11", "regular"),
        ("2026-12", "correction"),
    ]


def test_months_are_closed_in_their_order(delivered: Program) -> None:
    january = delivered.at(JANUARY)
    january.does("reconcile --by-hand")  # nothing ran for so long, and the clock is right
    ended = january("report --month 2026-12 --close")
    assert (ended.code, "close 2026-11 first" in ended.err) == (2, True)
    january.does(CLOSE)
    january.does("report --month 2026-12 --close")
    assert january("report --month 2026-10 --close").code == 2


def test_a_month_that_was_passed_by_is_late_on_the_next_and_locks_nothing_up(agenda: Program) -> None:
    agenda.sends()
    january = agenda.at(JANUARY)
    january.does("reconcile --by-hand")  # nothing ran for so long, and the clock is right
    january.does("report --month 2026-12 --close")  # nothing of November was known, and nobody closed it
    with closing(sqlite3.connect(agenda.database)) as db, db:
        db.execute("update notifications set status = 'delivered', delivered_at = '2026-12-20T12:00:00Z' where id = 1")
        db.execute(EVENTS)
    ended = january(CLOSE)
    assert (ended.code, "2026-12 is closed already" in ended.err) == (2, True)
    shown = january("report --month 2026-11")
    never = "nooit afgesloten, want december 2026 is al afgesloten: wat er afgeleverd is, staat op een latere rekening"
    assert shown.lines == [f"Rekening november 2026, {never}"]
    bill = january("report --month 2026-11 --format json").json
    assert (bill["status"], bill["passed_by"]) == ("closed", "2026-12")
    assert january("report --month 2026-11 --format csv").err == ""
    february = agenda.at("2027-02-05T06:00:00+01:00")
    february.does("report --close")
    assert lines(february, "2027-01") == [
        "2027-01,linde,Tandarts Linde,Notificaties,late,2026-11,1,1,0.10,0.10,EUR,21,"
    ]


def test_a_month_that_nobody_closed_is_told_by_doctor_and_check(delivered: Program) -> None:
    def months(at: str) -> tuple[str, str]:
        checks = {check["check"]: check for check in delivered.at(at)("doctor --json").json}
        return checks["months"]["verdict"], checks["months"]["found"]

    assert months("2026-12-05T05:59:59+01:00") == ("ok", "none to close yet")
    assert months(FIFTH) == ("warning", "2026-11 is not closed")
    early, late = delivered.at("2026-12-06T05:00:00+01:00"), delivered.at("2026-12-06T06:00:00+01:00")
    finding = "2026-11 is not closed: run `smsreminders report --month 2026-11 --close`"
    assert finding not in early("check --json").json["troubles"]
    assert finding in late("check --json").json["troubles"]
    delivered.does(CLOSE)
    assert months(FIFTH) == ("ok", "closed up to 2026-11")
    assert finding not in late("check --json").json["troubles"]


@pytest.mark.parametrize("name", ["'a\nb'", "'\x1b[2J'"])
def test_a_name_that_is_not_one_line_is_refused(delivered: Program, name: str) -> None:
    shown = delivered("practice show linde").out
    for words in ("practice edit linde --name", "practice add eik --name", "service add --practice linde --name"):
        assert delivered(f"{words} {name}").code == 2
    assert delivered("practice show linde").out == shown


def test_a_rate_that_reaches_into_a_closed_month_is_refused(delivered: Program) -> None:
    delivered.does(CLOSE)
    ended = delivered("rate add 0.20 --from 2026-11-30")
    assert (ended.code, "2026-12-01 at the earliest" in ended.err) == (2, True)
    delivered.does("rate add 0.20 --from 2026-12-01")


@pytest.mark.parametrize(
    ("trigger", "change"),
    [
        ("invoice_lines_no_update", "update invoice_lines set amount = '9.99'"),
        ("invoice_lines_no_update", "update invoice_lines set practice_name = 'x'"),
        ("closed_totals_no_update", "update closed_totals set vat = '0.00'"),
        ("closed_practices_no_update", "update closed_practices set legal_name = 'x'"),
        ("closed_periods_no_update", "update closed_periods set csv = csv || 'x'"),
        ("closed_periods_no_update", "update closed_periods set general_rate = '0.70'"),
        ("charges_no_delete", "delete from charges"),
        ("waivers_no_insert", "insert into waivers values (2, 1)"),
    ],
)
def test_a_bill_that_is_not_the_closed_one_any_more_is_told(delivered: Program, trigger: str, change: str) -> None:
    delivered.does(CLOSE)
    with closing(sqlite3.connect(delivered.database)) as db, db:
        db.execute(f"drop trigger {trigger}")
        db.execute(change)
    ended = delivered("report --month 2026-11 --format csv")
    assert (ended.code, ended.out) == (78, "")


def test_both_csvs_are_these_bytes(delivered: Program) -> None:
    delivered.does("practice edit linde --name '=SOM(A1)'")
    delivered.does("practice add eik --name 'Eik; \"de\" Boom, BV'")
    delivered.does("rate add 0.0825 --from 2026-12-01 --practice eik")
    delivered.does(CLOSE)
    (first, *_) = [
        notification
        for notification in delivered("notifications list --json").json
        if notification["status"] == "delivered"
    ]
    delivered.does(f"notifications settle {first['id']} --as not-delivered")
    december = {"sent_on": "'2026-12-24'", "sent_at": "'2026-12-24T08:00:00Z'", "segments": "123457"}
    november = {"sent_on": "'2026-11-30'", "sent_at": "'2026-11-30T08:00:00Z'", "segments": "12"}
    with closing(sqlite3.connect(delivered.database)) as db, db:  # what eik had delivered, the second first known late
        db.execute("pragma foreign_keys = off")
        columns = [name for (name,) in db.execute("select name from pragma_table_info('notifications')")]
        for number, about in ((98, december), (99, november)):
            taken = {"id": f"{number}", "reference": f"'r{number}'", "practice_id": "2", "revision": f"{number}"}
            taken |= {"gateway_id": f"'g{number}'", "status": "'delivered'", "delivered_at": "'2026-12-26T08:00:00Z'"}
            chosen = ", ".join((taken | about).get(name, name) for name in columns)
            db.execute(f"insert into notifications select {chosen} from notifications where id = {first['id']}")  # noqa: S608
            db.execute(EVENTS)
    january = delivered.at(JANUARY)
    for output_format, name in (("csv", "closed.csv"), ("csv-nl", "closed-nl.csv")):
        file = january.home / name
        january.does(f"report --month 2026-12 --close --format {output_format} --output {file}")
        assert file.read_bytes() == (GOLDEN / name).read_bytes()


def test_a_close_tells_what_differs_from_the_last_ones_terms(delivered: Program) -> None:
    delivered.does(CLOSE)
    delivered.configure('[billing]\nrate = "1.00"\nvat = "9"\n')
    delivered.does("practice edit linde --name 'De Linde'")
    delivered.does("notifications settle 1 --as not-delivered")
    january = delivered.at("2027-01-04T06:00:00+01:00")
    ended = january("--quiet report --month 2026-12 --close --force")
    assert (ended.code, ended.out, ended.said) == (
        0,
        "",
        [
            "smsreminders: 2026-12: configured rate: 1.00, on the last closed bill 0.10",
            "smsreminders: 2026-12: configured VAT: 9, on the last closed bill 21",
        ],
    )
    assert january("report --month 2026-12 --close").err == ""  # it is closed already


def test_a_close_tells_names_and_legal_details_too(delivered: Program) -> None:
    delivered.does(CLOSE)
    delivered.does("practice edit linde --name 'De Linde' --kvk-number 12345678")
    delivered.does("notifications settle 1 --as not-delivered")
    ended = delivered.at("2027-01-02T06:00:00+01:00")("report --month 2026-12 --close --force")
    assert ended.said == [
        "2026-12: name: De Linde, on the last closed bill Tandarts Linde (linde)",
        "2026-12: kvk number: 12345678, on the last closed bill none (linde)",
        "Closed 2026-12 for good, without VAT: linde EUR -0.10.",
    ]
