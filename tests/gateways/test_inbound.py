"""How what came in is written: numbers become E.164, times UTC, and any text can be kept."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.gateways.http.inbound import e164, moment, readable

EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("+31612345678", "+31612345678"),
        ("31612345678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        (" +31 6 1234-5678 ", "+31612345678"),
        ("0612345678", "0612345678"),  # of which country, nobody says
        ("3669", "3669"),
        ("KPN", "KPN"),
        ("whatsapp:+31612345678", "whatsapp:+31612345678"),
        ("+0612345678", "+0612345678"),
        ("1234567890123456", "1234567890123456"),
        ("\u0663\u0661\u0666\u0661\u0662\u0663\u0664\u0665", "\u0663\u0661\u0666\u0661\u0662\u0663\u0664\u0665"),
        ("\x1b[2J", ""),
        (31612345678, ""),
        (None, ""),
    ],
)
def test_a_number_is_written_in_e164_as_far_as_it_is_one(written: object, expected: str) -> None:
    assert e164(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-23T08:00:00Z", EIGHT),
        ("2026-11-23T09:00:00.000+0100", EIGHT),
        ("2026-11-23T09:00:00+01:00", EIGHT),
        ("2026-11-23T10:00:00", EIGHT),  # in the zone that is given
        ("2026-11-23 10:00:00", EIGHT),
        ("0001-01-01T00:00:00", None),  # before all time in UTC
        ("yesterday", None),
        ("", None),
        (1_763_884_800, None),
    ],
)
def test_a_time_becomes_utc_by_its_own_zone_or_the_gateways(written: object, expected: datetime | None) -> None:
    assert moment(written, zone=timezone(timedelta(hours=2))) == expected


@given(st.text(alphabet=st.characters(), max_size=50))
def test_any_text_can_be_kept(text: str) -> None:
    kept = readable(text)
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert "\0" not in kept


def test_a_text_stays_as_it_is_unless_it_is_endless() -> None:
    assert readable("Kan niet 😀\nGroet, Jan") == "Kan niet 😀\nGroet, Jan"
    assert len(readable("x" * 1_000_000)) == 10_000
    assert [readable(other) for other in (None, 1, ["STOP"])] == ["", "", ""]


def test_half_a_character_is_marked() -> None:
    assert readable("STOP\ud83d") == "STOP\ufffd"
