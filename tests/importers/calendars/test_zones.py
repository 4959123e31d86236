"""Names of time zones, as calendars write them: the zone where it is certain, else none."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from smsreminders.importers.calendars.lines import Block
from smsreminders.importers.calendars.zones import Zones

SYDNEY = ZoneInfo("Australia/Sydney")
STANDARD = ["BEGIN:STANDARD", "DTSTART:16010101T000000", "TZOFFSETFROM:+0700", "TZOFFSETTO:+0700", "END:STANDARD"]


def zone(name: str, *blocks: Block) -> str | None:
    """The zone of a name, by its IANA name or its offset in January."""
    known = Zones(blocks, SYDNEY).find(name)
    if isinstance(known, ZoneInfo):
        return known.key
    return datetime(2026, 1, 1, tzinfo=known).isoformat()[-6:] if known else None


def definition(name: str, *lines: str) -> Block:
    return Block(1, [f"TZID:{name}", *lines])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Europe/Amsterdam", "Europe/Amsterdam"),
        ("/Europe/Amsterdam", "Europe/Amsterdam"),
        ("/freeassociation.sourceforge.net/Europe/Amsterdam", "Europe/Amsterdam"),
        ("/citadel.org/20210210_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Romance Standard Time", "Europe/Paris"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
        ("(UTC+01:00) Amsterdam, Berlijn, Bern, Rome, Stockholm, Wenen", "Europe/Amsterdam"),
        ("(GMT+01:00) Brussels, Copenhagen, Madrid, Paris", "Europe/Brussels"),
        ("(UTC-05:00) Eastern Time (US & Canada)", None),
        ("(UTC+02:00) Amsterdam", None),
        ("(UTC+01:00) Elsewhere", None),
        ("Customized Time Zone", None),
        ("Europe", None),
        ("../../etc/passwd", None),
        ("UTC+01", None),
        ("", None),
        ("\0", None),
    ],
)
def test_a_zone_is_known_by_its_name_or_not_at_all(name: str, expected: str | None) -> None:
    assert zone(name) == expected


@pytest.mark.parametrize("written", ["Customized Time Zone", r"(UTC+07:00) Bangkok\, Hanoi\, Jakarta"])
def test_a_zone_is_known_by_the_calendars_own_definition(written: str) -> None:
    assert zone(written.replace("\\", ""), definition(written, *STANDARD)) == "+07:00"


def test_a_definition_is_no_other_zone_for_a_name_that_is_known() -> None:
    assert zone("Europe/Amsterdam", definition("Europe/Amsterdam", *STANDARD)) == "Europe/Amsterdam"


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=SECONDLY",
        "RRULE:FREQ=DAILY",
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=6SU",
        "RRULE:FREQ=YEARLY;INTERVAL=2;BYMONTH=2",
        "RRULE:FREQ=YEARLY;BYSETPOS=9;BYDAY=SU",
    ],
)
def test_a_definition_that_might_never_end_is_not_read(rule: str) -> None:
    assert zone("Endless", definition("Endless", *STANDARD[:2], rule, *STANDARD[2:])) is None


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["BEGIN:STANDARD", "END:STANDARD"],
        ["nonsense"],
        [line.replace("+0700", "+9999") for line in STANDARD],
        [line.replace("1601", "x") for line in STANDARD],
        ["X:"] * 3_000 + STANDARD,
    ],
)
def test_a_definition_that_is_none_is_told_as_no_zone(lines: list[str]) -> None:
    assert zone("Own", definition("Own", *lines)) is None


def test_times_without_a_zone_are_the_practices_or_those_that_the_calendar_is_shown_in() -> None:
    assert (Zones([], SYDNEY).floating, Zones([], SYDNEY).series) == (SYDNEY, None)
    google = Zones([], SYDNEY, "Europe/Paris")
    assert (google.floating, google.series) == (ZoneInfo("Europe/Paris"), ZoneInfo("Europe/Paris"))
    assert Zones([], SYDNEY, "Nowhere").floating == SYDNEY
