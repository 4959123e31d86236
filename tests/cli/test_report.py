"""`report`: the bill of a month, only what was delivered, in each format."""

import os
import subprocess
import sys

import pytest

from smsreminders.cli.show.bill_words import DUTCH, ENGLISH
from smsreminders.domain.legal import LEGAL_FIELDS
from tests.cli.running import Program

DECEMBER = "2026-12-01T08:00:00+01:00"
HEADER = (
    "period,practice,practice_name,service,kind,usage_month,notifications,segments,rate,amount,currency,"
    "vat_rate,buyer_reference"
)
LINE = "2026-11,linde,Tandarts Linde,Notificaties,regular,2026-11,2,3,0.10,0.30,EUR,21,"
PROVISIONAL = ["2026-11 is provisional: it is not closed."]


@pytest.fixture
def delivered(agenda: Program) -> Program:
    """In December, with two notifications of November delivered, of three segments together."""
    agenda.does("patient edit 1003 --name 'Zoë Canaria' --phone 06-12345673")
    agenda.sends()
    agenda.does("poll")
    return agenda.at(DECEMBER)


def test_csv_has_a_line_for_each_practice_service_and_rate_and_says_aside_that_it_is_provisional(
    delivered: Program,
) -> None:
    ended = delivered("report --format csv")
    assert ended.code == 0
    assert ended.out == f"{HEADER}\n{LINE}\n"
    assert ended.said == PROVISIONAL


def test_without_a_month_it_is_the_last_one(delivered: Program) -> None:
    assert delivered("report --format csv").out == delivered("report --month 2026-11 --format csv").out
    assert delivered("report --month 2026-12 --format csv").out == f"{HEADER}\n"


def test_csv_ends_with_the_vat_rate_and_the_practices_reference(delivered: Program) -> None:
    delivered.does("practice edit linde --buyer-reference K-7")
    delivered.configure('[billing]\nvat = "5.50"\n')
    assert delivered("report --format csv").out == f"{HEADER}\n{LINE.removesuffix('21,')}5.5,K-7\n"
    assert delivered("report --format csv-nl").lines[1].endswith(";EUR;5,5;K-7")
    assert delivered("report --format json").json["lines"][0]["buyer_reference"] == "K-7"


def test_csv_for_a_dutch_excel_has_a_mark_semicolons_and_commas(delivered: Program) -> None:
    assert delivered("report --format csv-nl").out == (
        "\ufeffperiode;praktijk;praktijknaam;dienst;soort;gebruiksmaand;berichten;segmenten;tarief;bedrag;valuta;"
        "btw_tarief;kenmerk_klant\r\n"
        "202611;linde;Tandarts Linde;Notificaties;gewoon;202611;2;3;0,10;0,30;EUR;21;\r\n"
    )


def test_a_name_that_a_spreadsheet_would_run_is_guarded(delivered: Program) -> None:
    delivered.does("practice edit linde --name '=Linde'")
    assert ",'=Linde," in delivered("report --format csv").out
    assert ";'=Linde;" in delivered("report --format csv-nl").out


def test_json_has_the_status_the_lines_and_totals_with_vat(delivered: Program) -> None:
    delivered.does("practice edit linde --legal-name 'De Linde BV' --kvk-number 12345678")
    ended = delivered("report --format json")
    assert ended.err == ""
    assert ended.json == {
        "period": "2026-11",
        "status": "open",
        "rehearsal": False,
        "closed_at": None,
        "passed_by": None,
        "waived": 0,
        "currency": "EUR",
        "vat_rate": "21",
        "lines": [
            {
                "period": "2026-11",
                "practice": "linde",
                "practice_name": "Tandarts Linde",
                "service": "Notificaties",
                "kind": "regular",
                "usage_month": "2026-11",
                "notifications": 2,
                "segments": 3,
                "rate": "0.10",
                "vat_rate": "21",
                "amount": "0.30",
                "currency": "EUR",
                "buyer_reference": "",
            }
        ],
        "totals": [
            {
                "practice": "linde",
                "practice_name": "Tandarts Linde",
                "document": "invoice",
                "amount": "0.30",
                "vat": "0.06",
                "amount_with_vat": "0.36",
                "vat_rates": [{"vat_rate": "21", "amount": "0.30", "vat": "0.06"}],
                "legal": dict.fromkeys(LEGAL_FIELDS, "") | {"legal_name": "De Linde BV", "kvk_number": "12345678"},
            }
        ],
    }


def test_a_person_reads_lines_days_and_totals(delivered: Program) -> None:
    assert delivered("report").lines == [
        "Rekening november 2026, voorlopig: de maand is nog niet afgesloten",
        "",
        "Tandarts Linde (linde)",
        "  Notificaties: 2 berichten, 3 segmenten x 0,10 = EUR 0,30",
        f"    24 nov  {'#' * 40} 3",
        "  zonder btw   EUR       0,30",
        "  btw 21%      EUR       0,06",
        "  met btw      EUR       0,36",
    ]


def test_a_person_reads_the_legal_details_under_the_name(delivered: Program) -> None:
    delivered.does("practice edit linde --legal-name 'De Linde BV' --town Utrecht --buyer-reference PO-7")
    assert delivered("report").lines[2:4] == ["Tandarts Linde (linde)", "  De Linde BV, Utrecht, uw kenmerk PO-7"]


def test_a_person_reads_the_days_under_their_service(agenda: Program) -> None:
    agenda.sends()
    agenda.does("poll")
    agenda.does("service disable Notificaties")
    agenda.does("service add --name Avondpost --channel sms --notification-type appointment-reminder")
    agenda.at("2026-11-25T09:00:00+01:00").sends()
    agenda.at("2026-11-25T10:00:00+01:00").does("poll")
    assert agenda.at(DECEMBER)("report").lines[3:7] == [
        "  Avondpost: 1 bericht, 1 segment x 0,10 = EUR 0,10",
        f"    25 nov  {'#' * 40} 1",
        "  Notificaties: 1 bericht, 1 segment x 0,10 = EUR 0,10",
        f"    24 nov  {'#' * 40} 1",
    ]


def test_a_month_without_a_delivery_has_no_line(delivered: Program) -> None:
    assert delivered("report --month 2026-10").lines == [
        "Rekening oktober 2026, voorlopig: de maand is nog niet afgesloten",
        "Er is niets afgeleverd.",
    ]
    bill = delivered("report --month 2026-10 --format json").json
    assert (bill["lines"], bill["totals"]) == ([], [])


def test_only_the_practice_that_is_named_is_billed(delivered: Program) -> None:
    delivered.does("practice add eik --name Eik")
    assert delivered("report --format csv --practice eik").out == f"{HEADER}\n"
    assert delivered("report --format csv --practice linde").out == f"{HEADER}\n{LINE}\n"


def test_it_goes_into_a_file_for_its_owner_only(delivered: Program) -> None:
    file = delivered.home / "november.csv"
    ended = delivered("report --format csv --output november.csv")
    assert (ended.code, ended.out, ended.said) == (0, "", PROVISIONAL)
    assert file.read_bytes() == f"{HEADER}\n{LINE}\n".encode()
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.stat()
    delivered.does("report --format csv --output november.csv")
    assert file.stat() == before
    assert delivered("report --format csv-nl --output november.csv").code == 2
    assert file.read_bytes() == f"{HEADER}\n{LINE}\n".encode()
    delivered.does("report --format csv-nl --output november-nl.csv")
    assert (delivered.home / "november-nl.csv").read_bytes()[:11] == b"\xef\xbb\xbfperiode;"
    assert [path.name for path in delivered.home.iterdir() if "november." in path.name] == ["november.csv"]


def test_a_link_stays_and_what_it_points_at_is_made_but_never_replaced(delivered: Program) -> None:
    (delivered.home / "bills").mkdir()
    link = delivered.home / "november.csv"
    link.symlink_to(delivered.home / "bills" / "last.csv")
    delivered.does("report --format csv --output november.csv")
    assert (link.is_symlink(), link.read_text()) == (True, f"{HEADER}\n{LINE}\n")
    assert [path.name for path in (delivered.home / "bills").iterdir()] == ["last.csv"]
    (delivered.home / "bills" / "last.csv").write_text("what was sent")
    assert delivered("report --format csv --output november.csv").code == 2
    assert link.read_text() == "what was sent"


def test_what_is_no_regular_file_stays_as_it_is(delivered: Program) -> None:
    os.mkfifo(delivered.home / "pipe")
    ended = delivered("report --format csv --output pipe")
    assert (ended.code, ended.said[-1]) == (
        2,
        "smsreminders: pipe is no regular file: name one for the bill, or leave --output out",
    )
    assert (delivered.home / "pipe").is_fifo()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
@pytest.mark.parametrize("output_format", ["csv", "csv-nl"])
def test_csv_is_utf_8_whatever_the_encoding_of_the_terminal(
    delivered: Program, encoding: str, output_format: str
) -> None:
    delivered.does("practice edit linde --name Zoë")
    words = [sys.executable, "-m", "smsreminders", "report", "--format", output_format]
    environment = delivered.environment | {"PYTHONIOENCODING": encoding}
    done = subprocess.run(words, env=environment, cwd=delivered.home, capture_output=True, check=True)
    assert done.stdout == delivered(f"report --format {output_format}").out.encode()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_json_is_json_whatever_the_encoding_of_the_terminal(delivered: Program, encoding: str) -> None:
    delivered.does("practice edit linde --name Zoë")
    ended = delivered.process("report --format json", PYTHONIOENCODING=encoding)
    assert ended.json["totals"][0]["practice_name"] == "Zoë"


def test_json_in_a_file_has_letters_as_they_are(delivered: Program) -> None:
    delivered.does("practice edit linde --name Zoë")
    delivered.does("report --format json --output november.json", PYTHONIOENCODING="ascii")
    assert '"practice_name": "Zoë"' in (delivered.home / "november.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", [".", "folder", "/", "''"])
def test_a_folder_is_no_file_for_a_bill(delivered: Program, folder: str) -> None:
    (delivered.home / "folder").mkdir()
    before = sorted(delivered.home.iterdir())
    assert delivered(f"report --output {folder}").code in {2, 78}
    assert sorted(delivered.home.iterdir()) == before


def test_a_file_that_can_not_be_made_needs_the_administrator(delivered: Program) -> None:
    ended = delivered("report --output nowhere/november.txt")
    assert (ended.code, ended.out) == (78, "")
    assert ended.said[-1].endswith("No such file or directory")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--month 2026-13", '"2026-13" is no month: write it like 2026-10'),
        ("--month november", '"november" is no month: write it like 2026-10'),
        ("--format pdf", "'pdf' is not one of 'table', 'csv', 'csv-nl', 'json'"),
        ("--practice eik", 'there is no practice "eik"; known are: linde'),
    ],
)
def test_what_can_not_be_is_a_usage_error(linde: Program, options: str, message: str) -> None:
    ended = linde(f"report {options}")
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


def test_what_the_sandbox_reports_is_marked_as_a_rehearsal_in_each_format_and_never_closed(agenda: Program) -> None:
    agenda.does("dispatch")
    agenda.does("poll")
    december = agenda.at("2026-12-05T06:00:00+01:00")
    assert "een oefening: er wordt niets echt verstuurd" in december.does("report --month 2026-11")
    ended = december("report --month 2026-11 --format csv")
    assert ended.out.splitlines()[1:] != []
    assert ended.said[1] == "2026-11 is a rehearsal: the gateway sends nothing, and nobody owes anything for it."
    assert december("report --month 2026-11 --format json").json["rehearsal"] is True
    ended = december("report --month 2026-11 --close")
    assert (ended.code, "2026-11 was rehearsed" in ended.err) == (78, True)


def test_once_a_real_gateway_is_configured_a_rehearsal_is_in_no_bill(agenda: Program) -> None:
    agenda.does("dispatch")
    agenda.does("poll")
    december = agenda.at("2026-12-05T06:00:00+01:00")
    settings = '[gateway]\nname = "spryng"\nbase_url = "http://127.0.0.1:9"\napi_key = "k"\naccount_reference = "a"\n'
    december.configure(settings)
    assert december("report --month 2026-11 --format csv").out == f"{HEADER}\n"
    assert december("report --month 2026-11 --close --format csv").out == f"{HEADER}\n"


def test_the_effect_sets_no_shows_side_by_side_and_says_that_it_proves_nothing(agenda: Program) -> None:
    agenda.does("dispatch")
    late = agenda.at("2026-11-26T09:00:00+01:00")
    late.does("appointment outcome A1 attended")
    late.does("appointment outcome A4 no-show")
    ended = late("report --effect --format json")
    assert [(group["text_was"], group["appointments"], group["no_shows"], group["share"]) for group in ended.json] == [
        ("delivered", 0, 0, None),
        ("undelivered", 0, 0, None),
        ("none", 2, 1, "50.0 %"),
    ]
    assert "it proves nothing" in late("report --effect").err
    assert late("report --effect --month 2026-10").code == 2
    assert late("report --effect --close").code == 2


def test_elsewhere_a_person_reads_it_in_english(delivered: Program) -> None:
    delivered.configure('language = "en"\n')
    assert delivered("report").lines == [
        "Bill of November 2026, provisional: the month is not closed",
        "",
        "Tandarts Linde (linde)",
        "  Notificaties: 2 notifications, 3 segments x 0.10 = EUR 0.30",
        f"    24 Nov  {'#' * 40} 3",
        "  without VAT  EUR       0.30",
        "  VAT 21%      EUR       0.06",
        "  with VAT     EUR       0.36",
    ]


def test_the_words_of_the_bill_are_the_same_in_both_languages() -> None:
    assert DUTCH.keys() == ENGLISH.keys()
