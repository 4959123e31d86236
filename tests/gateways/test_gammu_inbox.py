"""What came in at SMSD: parts become one SMS, whatever their order, and each is told under one id."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.inbound import Received
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Hears, Options
from smsreminders.gateways.by_name import open_gateway
from smsreminders.gateways.gammu_inbox import joined
from smsreminders.gateways.gammu_tables import InboxRow
from tests.gateways.smsd import Smsd

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ROW = InboxRow("1", "+31612345678", "STOP", "", "2026-11-23 08:00:00", 1_795_420_800, waited=0)


@pytest.fixture
def smsd(tmp_path: Path) -> Smsd:
    return Smsd(tmp_path / "smsd.db")


@pytest.fixture
def gammu(smsd: Smsd) -> Hears:
    options = Options(smsd.file.with_name("smsreminders.db"), timeout=0.1, own={"database": str(smsd.file)})
    gateway = open_gateway("gammu", options)
    assert isinstance(gateway, Hears)
    return gateway


def heard(gammu: Hears, since: datetime = LONG_AGO) -> list[Received]:
    return [sms for page in gammu.inbox(since) for sms in page]


def parts(*texts: str, header: str = "050003A7{of:02X}{place:02X}") -> list[InboxRow]:
    """The rows of an SMS in parts, in their order, with ids from 1 on."""
    return [
        replace(ROW, id=str(place), text=text, header=header.format(of=len(texts), place=place))
        for place, text in enumerate(texts, 1)
    ]


def test_each_sms_is_told_with_its_number_and_its_text(smsd: Smsd, gammu: Hears) -> None:
    ids = [smsd.receives("+31612345678", "STOP"), smsd.receives("0031687654321", "Kan niet 😀")]
    smsd.receives("KPN", "Uw tegoed is op")
    told = [(sms.gateway_id, sms.phone, sms.to, sms.text) for sms in heard(gammu)]
    assert told == [
        (ids[0], "+31612345678", "", "STOP"),
        (ids[1], "+31687654321", "", "Kan niet 😀"),
        ("3", "KPN", "", "Uw tegoed is op"),
    ]


def test_only_what_was_noted_since_an_hour_before_is_read(smsd: Smsd, gammu: Hears) -> None:
    for hours in (3, 1):
        smsd.receives("+31612345678", f"{hours} hours ago", ago=f"-{hours * 60} minutes")
    [[now]] = smsd.do("select datetime('now')")
    since = datetime.fromisoformat(now).replace(tzinfo=UTC) - timedelta(minutes=30)
    assert [sms.text for sms in heard(gammu, since)] == ["1 hours ago"]


def test_the_time_is_that_of_the_sms_and_never_later_than_it_was_noted(smsd: Smsd, gammu: Hears) -> None:
    smsd.receives("+31612345678", "waited in the SIM", sent="2026-11-20 12:00:00")
    smsd.receives("+31612345678", "of tomorrow", sent="2999-01-01 12:00:00")
    smsd.receives("+31612345678", "of no time", sent="0000-00-00 00:00:00")
    noted = [datetime.fromisoformat(row["UpdatedInDB"]).replace(tzinfo=UTC) for row in smsd.rows("inbox")]
    in_the_sim, *others = [sms.received_at for sms in heard(gammu)]
    assert abs(in_the_sim - datetime(2026, 11, 20, 12, tzinfo=UTC)) <= timedelta(hours=14)  # this machine's time zone
    assert others == noted[1:]


def test_what_is_no_text_of_anybody_is_left_out(smsd: Smsd, gammu: Hears) -> None:
    smsd.receives("+31612345678", "", coding="8bit")
    smsd.receives("+31612345678", "a dialogue with the network", kind=127)
    assert heard(gammu) == []


def test_parts_wait_for_the_others_for_ten_minutes_and_keep_their_id(smsd: Smsd, gammu: Hears) -> None:
    first = smsd.receives("+31612345678", "een, ", header="050003A70301", ago="-9 minutes")
    smsd.receives("+31612345678", "drie", header="050003A70303")
    assert heard(gammu) == []
    smsd.receives("+31612345678", "twee, ", header="050003A70302")
    assert [(sms.gateway_id, sms.text) for sms in heard(gammu)] == [(first, "een, twee, drie")]


def test_what_stays_incomplete_is_told_as_it_is_and_what_comes_later_by_itself(smsd: Smsd, gammu: Hears) -> None:
    smsd.receives("+31612345678", "een, ", header="050003A70201", ago="-22 minutes")
    assert [(sms.gateway_id, sms.text) for sms in heard(gammu)] == [("1", "een, ")]
    smsd.receives("+31612345678", "twee", header="050003A70202", ago="-11 minutes")
    assert [(sms.gateway_id, sms.text) for sms in heard(gammu)] == [("1", "een, "), ("2", "twee")]


@given(st.lists(st.text(max_size=5), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_parts_in_any_order_are_one_text(texts: list[str], random: object) -> None:
    rows = parts(*texts)
    random.shuffle(rows)  # type: ignore[attr-defined]
    [sms] = joined([replace(row, id=str(number)) for number, row in enumerate(rows, 1)], LONG_AGO)
    assert (sms.gateway_id, sms.text) == ("1", "".join(texts).replace("\0", ""))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("050003A7{of:02X}{place:02X}", ["ab"], id="a reference of one octet"),
        pytest.param("06080401A7{of:02X}{place:02X}", ["ab"], id="a reference of two"),
        pytest.param("082401010003A7{of:02X}{place:02X}", ["ab"], id="after another element"),
        pytest.param("", ["a", "b"], id="no header"),
        pytest.param("060504158A0000", ["a", "b"], id="another element alone"),
        pytest.param("050003A70{of}", ["a", "b"], id="cut off"),
        pytest.param("050003A70000", ["a", "b"], id="of no parts"),
        pytest.param("nonsense", ["a", "b"], id="no digits"),
    ],
)
def test_a_header_says_what_belongs_together(header: str, expected: list[str]) -> None:
    rows = parts("a", "b", header=header)
    assert [sms.text for sms in joined(rows, LONG_AGO)] == expected


def test_parts_of_others_with_the_same_reference_stay_apart() -> None:
    ours, theirs = parts("a", "b"), [replace(row, sender="+31687654321") for row in parts("c", "d")]
    assert sorted(sms.text for sms in joined([ours[0], theirs[0], ours[1], theirs[1]], LONG_AGO)) == ["ab", "cd"]


def test_a_reference_that_is_used_again_is_another_sms() -> None:
    again = [replace(row, id=f"1{row.id}") for row in parts("c", "d")]
    assert [(sms.gateway_id, sms.text) for sms in joined([*parts("a", "b"), *again], LONG_AGO)] == [
        ("1", "ab"),
        ("11", "cd"),
    ]


def test_a_part_of_what_was_told_before_is_not_told_again_by_itself() -> None:
    first, second = parts("told before, ", "STOP")
    later = replace(second, noted_at=first.noted_at + 600, waited=1)
    since = datetime.fromtimestamp(first.noted_at + 1, UTC)
    assert list(joined([first, later], since)) == []
    assert [sms.text for sms in joined([first, later], since - timedelta(seconds=1))] == ["told before, STOP"]


def test_a_row_that_is_damaged_is_read_as_far_as_it_goes(smsd: Smsd, gammu: Hears) -> None:
    smsd.do("insert into inbox (SenderNumber, TextDecoded, UDH, Text, RecipientID) values ('', x'ff53', '', '', '')")
    smsd.do("update inbox set TextDecoded = cast(x'ff53544f50' as text)")
    assert [(sms.phone, sms.text) for sms in heard(gammu)] == [("", "\ufffdSTOP")]


def test_a_database_that_is_not_there_is_told(smsd: Smsd, gammu: Hears) -> None:
    smsd.file.unlink()
    with pytest.raises(TryAgainLater):
        heard(gammu)
