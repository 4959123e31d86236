"""The whole job, run as cron and a practice run it: from three files to the bill, against a Spryng on loopback."""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.running import Ended, Program
from tests.cli.spryng import HeldSpryng
from tests.gateways.fake_spryng import FakeSpryng

EXPECTED = Path(__file__).parent / "expected"

FRIDAY = "2027-05-14T09:00:00+02:00"  # Whit Monday follows
SATURDAY = "2027-05-15T09:00:00+02:00"
WEDNESDAY = "2027-05-19T09:00:00+02:00"
JUNE = "2027-06-01T08:00:00+02:00"

PATIENTS = """\
patient_id;name;phone;language
1001;J. Canaria;06-12345601;
1002;Daniël Canaria;0612345602;
1003;Emily Canaria;+31 6 1234 5603;en
1004;K. Canaria;06-12345604;
1005;L. Canaria;020-7654321;
1006;jonkvrouw Wilhelmina Frederica Louise van Canaria-Canaria van der Oye;06 12345606;
1007;M. Canaria;06-12345607;
1008;N. Canaria;06-12345608;
1009;O. Canaria;06-12345609;
1010;P. Canaria;06-12345610;
"""
CONSENTS = "patient_id;consent;at;how;by\n" + "".join(
    f"{patient};ja;2027-05-01 10:00;form;anna\n" for patient in (1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010)
)
AGENDA = """\
appointment_id;patient_id;start;end;status
F1;1001;2027-05-14 14:00;2027-05-14 14:10;booked
F2;1002;2027-05-14 10:30;2027-05-14 10:40;booked
S1;1002;2027-05-15 10:00;2027-05-15 10:10;booked
M1;1003;2027-05-17 11:00;2027-05-17 11:10;booked
T1;1004;2027-05-18 09:00;2027-05-18 09:10;booked
T2;1005;2027-05-18 09:10;2027-05-18 09:20;booked
T3;1006;2027-05-18 09:20;2027-05-18 09:30;booked
T4;1007;2027-05-18 09:30;2027-05-18 09:40;booked
T5;1008;2027-05-18 09:40;2027-05-18 09:50;cancelled
T6;1009;2027-05-18 09:50;2027-05-18 10:00;booked
W1;1001;2027-05-19 09:00;2027-05-19 09:10;booked
"""
CHANGED = (
    AGENDA.replace("T6;1009;2027-05-18 09:50;2027-05-18 10:00", "T6;1009;2027-05-18 16:00;2027-05-18 16:10")
    + "T7;1010;2027-05-18 10:00;2027-05-18 10:10;booked\nT8;1003;2027-05-18 10:10;2027-05-18 10:20;booked\n"
)

# 3GPP TS 23.038, written down here once more: the count of the bill is checked by another hand
GSM7 = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"


def segments(text: str) -> int:
    """The segments of a text by an independent count."""
    if set(text) <= set(GSM7 + EXTENSION):
        costs, whole, part = [2 if letter in EXTENSION else 1 for letter in text], 160, 153
    else:
        costs, whole, part = [len(letter.encode("utf-16-be")) // 2 for letter in text], 70, 67
    if sum(costs) <= whole:
        return 1
    count, room = 1, part
    for cost in costs:
        if cost > room:
            count, room = count + 1, part
        room -= cost
    return count


@pytest.fixture
def spryng() -> Iterator[FakeSpryng]:
    with FakeSpryng(now=datetime.fromisoformat(FRIDAY)) as gateway:
        yield gateway


def does(program: Program, command: str) -> Ended:
    """A run as a process of its own that must go well."""
    ended = program.process(command)
    assert ended.code == 0, ended
    return ended


def set_up(spryng: FakeSpryng, program: Program, run: Callable[[Program, str], object] = does) -> None:
    """What a practice does once."""
    for name, text in (("patients", PATIENTS), ("consents", CONSENTS), ("agenda", AGENDA), ("changed", CHANGED)):
        (program.home / f"{name}.csv").write_text(text, encoding="utf-8")
    run(program, "init --practice 'Huisartsenpraktijk De Eik'")
    usual = program.config.read_text(encoding="utf-8")
    account = f'account_reference = "{spryng.account_reference}"\napi_key = "{spryng.api_key}"'
    usual = usual.replace('timeout = "10s"', 'timeout = "90s"')  # this machine may be slow
    program.configure(usual.replace('name = "sandbox"', f'name = "spryng"\nbase_url = "{spryng.url}"\n{account}'))
    run(program, "service add --name Notificaties --channel sms --notification-type appointment-reminder")
    run(program, "import patients.csv --kind patients")
    run(program, "import consents.csv --kind consents")
    run(program, "import agenda.csv --kind appointments")


def test_from_three_files_to_the_bill(tmp_path: Path, spryng: FakeSpryng) -> None:
    friday = Program(tmp_path, FRIDAY)
    set_up(spryng, friday)

    # Friday's round covers today, the weekend, the holiday and Tuesday
    round_1 = does(friday, "dispatch --json").json
    assert round_1["covers"] == {"from": "2027-05-14", "to": "2027-05-18"}
    assert round_1["skipped"] == {"cancelled": 1, "no-consent": 1, "not-mobile": 1, "too-late": 1}
    assert sorted(str(request["phone"]) for request in spryng.journal) == [
        "+31612345601",
        "+31612345602",
        "+31612345603",
        "+31612345606",
        "+31612345607",
        "+31612345609",
    ]
    texts = {request["phone"]: request["text"] for request in spryng.journal}
    assert texts["+31612345602"] == (
        "Beste Daniël Canaria, u heeft zaterdag 15 mei om 10:00 een afspraak bij Huisartsenpraktijk De Eik. "
        "Verhinderd? Laat het ons op tijd weten."
    )
    assert texts["+31612345603"] == (
        "Dear Emily Canaria, you have an appointment at Huisartsenpraktijk De Eik on Monday 17 May at 11:00. "
        "Can't you come? Please tell us in time."
    )
    assert {request["sender"] for request in spryng.journal} == {"Eik"}

    # later that Friday the agenda changes, and Emily doesn't want any more texts
    does(friday, "import changed.csv --kind appointments")
    friday.does("consent withdraw 1003 --how phone")

    # Saturday's round sends only what changed
    saturday = Program(tmp_path, SATURDAY)
    spryng.now = datetime.fromisoformat(SATURDAY)
    assert does(saturday, "dispatch --json").json["skipped"] == {
        "already-reminded": 4,
        "cancelled": 1,
        "consent-withdrawn": 1,
        "no-consent": 1,
        "not-mobile": 1,
    }
    assert sorted(str(request["phone"]) for request in spryng.journal[6:]) == ["+31612345609", "+31612345610"]

    # what became of them
    for phone in ("01", "02", "03", "06", "09"):
        spryng.report(f"+316123456{phone}", "Sent", "Delivered")
    spryng.report("+31612345607", "Failed", "NetworkFailed")
    assert does(saturday, "poll --json").json == {
        "asked": 8,
        "delivered": 6,
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
    wednesday = Program(tmp_path, WEDNESDAY)
    assert does(wednesday, "poll").lines == ["1 asked  1 expired  0 open  0 uncertain"]

    # the overview
    listed = wednesday("notifications list --json --show-numbers").json
    assert {
        (notification["appointment"], notification["status"], notification["segments"]) for notification in listed
    } == {
        ("F1", "delivered", 1),
        ("S1", "delivered", 3),
        ("M1", "delivered", 1),
        ("T3", "delivered", 2),
        ("T4", "failed", 1),
        ("T6", "delivered", 1),
        ("T7", "expired", 1),
    }
    sent = {request["reference"]: request for request in spryng.journal}
    assert {
        notification["reference"]: (notification["phone"], notification["text"], notification["gateway_id"])
        for notification in listed
    } == {reference: (request["phone"], request["text"], request["message_id"]) for reference, request in sent.items()}
    first = next(notification for notification in listed if notification["appointment"] == "F1")
    shown = wednesday(f"notifications show {first['id']} --json").json
    assert [event["status"] for event in shown["events"]] == ["queued", "sending", "sent", "delivered"]
    assert (shown["cost"], shown["consent"]["how"]) == ("0.10", "form")
    explained = wednesday("notifications explain T6 --json").json
    assert [(a_round["round"], a_round["revision"], a_round["outcome"]) for a_round in explained["rounds"]] == [
        (1, 1, "send"),
        (2, 2, "send"),
    ]
    assert "skip (consent-withdrawn)" in wednesday("notifications explain T8").lines[-2]

    # the bill: these bytes, and what the other side counts
    june = Program(tmp_path, JUNE)
    expected = (EXPECTED / "report-2027-05.csv").read_bytes()
    assert does(june, "report --format csv").out.encode() == expected
    does(june, "report --format csv --output bill.csv")
    assert (tmp_path / "bill.csv").read_bytes() == expected
    delivered = {notification["reference"] for notification in listed if notification["status"] == "delivered"}
    owed = sum(
        segments(str(request["text"])) for request in spryng.journal if request["reference"] in delivered
    ) * Decimal("0.10")
    [total] = june("report --format json").json["totals"]
    assert Decimal(total["amount"]) == owed
    [line] = csv.DictReader(expected.decode().splitlines())
    assert line["amount"] == str(owed)


def test_of_two_rounds_at_once_the_second_is_told_to_come_back(tmp_path: Path) -> None:
    friday = Program(tmp_path, FRIDAY)
    with HeldSpryng() as spryng:
        spryng.now = datetime.fromisoformat(FRIDAY)
        set_up(spryng, friday, Program.does)
        with subprocess.Popen(
            [sys.executable, "-m", "smsreminders", "--quiet", "dispatch"],
            env=friday.environment,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as first:
            spryng.wait_for(1)
            second, also = friday.process("dispatch"), friday("poll")
            spryng.go.set()
            assert first.communicate()[0] == b""
        assert (second.code, also.code, first.returncode) == (75, 75, 0)
        assert second.said == ["smsreminders: another run is busy with this database: try again when it has ended"]
        assert len(spryng.journal) == 6
