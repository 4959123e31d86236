"""Gammu SMSD: what is put into its outbox and what never is, and what comes of a database that can't be written."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.sending import Accepted, Outgoing, Rejected, Unavailable, Uncertain
from smsreminders.domain.segments import split_segments
from smsreminders.errors import ConfigError, TryAgainLater
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from smsreminders.gateways.gammu import FEATURES
from smsreminders.gateways.gammu_tables import relative_validity
from tests.gateways.contract import NOW, TEXT, an_sms, asked_about
from tests.gateways.smsd import SCHEMA, Smsd, real_schema
from tests.store.files import another_program, bound_by_modes, files_no_longer_than

TABLES = ("gammu", "inbox", "outbox", "outbox_multipart", "phones", "sentitems")
DEADLINES = st.timedeltas(min_value=timedelta(minutes=5), max_value=timedelta(weeks=63))


@pytest.fixture(params=["ours", "of the package"])
def smsd(request: pytest.FixtureRequest, tmp_path: Path) -> Smsd:
    return Smsd(tmp_path / "smsd.db", SCHEMA if request.param == "ours" else real_schema())


@pytest.fixture
def gammu(smsd: Smsd) -> Gateway:
    return a_gammu(smsd.file)


def a_gammu(file: Path, *, patience: float = 0.1) -> Gateway:
    return open_gateway(
        "gammu", Options(file.with_name("smsreminders.db"), timeout=patience, own={"database": str(file)})
    )


def unavailable(gateway: Gateway, expected: str) -> None:
    """Expect that the gateway can't be used now, and says so in one line whatever it is asked."""
    outcome = gateway.send(an_sms())
    assert isinstance(outcome, Unavailable)
    assert expected in outcome.reason
    assert "\n" not in outcome.reason
    with pytest.raises(TryAgainLater, match=expected):
        list(gateway.lookup([asked_about(an_sms())]))
    with pytest.raises(TryAgainLater, match=expected):
        gateway.account()


def columns(schema: str, table: str) -> dict[str, tuple[object, ...]]:
    """Type, whether it may be null, default and place in the primary key, of each column."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(schema)
        return {name: tuple(rest) for _, name, *rest in database.execute(f"pragma table_info({table})")}


@pytest.mark.parametrize("table", TABLES)
def test_the_schema_of_these_tests_is_part_of_the_packages(table: str) -> None:
    theirs = columns(real_schema(), table)
    assert {name: theirs.get(name) for name in columns(SCHEMA, table)} == columns(SCHEMA, table)


def test_a_message_of_one_segment_is_one_row(smsd: Smsd, gammu: Gateway) -> None:
    outcome = gammu.send(an_sms())
    [row] = smsd.rows("outbox")
    assert outcome == Accepted(gateway_id=str(row["ID"]))
    expected = {
        "CreatorID": an_sms().reference,
        "DestinationNumber": "+31612345678",
        "TextDecoded": TEXT,
        "Text": None,
        "Coding": "Default_No_Compression",
        "UDH": None,
        "Class": -1,
        "MultiPart": "false",
        "RelativeValidity": 167,
        "DeliveryReport": "yes",
        "SenderID": None,
    }
    assert {name: row[name] for name in expected} == expected
    assert smsd.rows("outbox_multipart") == []


def test_it_is_due_whatever_the_time_zone_of_the_daemon(smsd: Smsd, gammu: Gateway) -> None:
    gammu.send(an_sms())
    [due] = smsd.do(
        "select max(SendingDateTime, SendingTimeOut) < datetime('now', '-12 hours') as everywhere from outbox"
    )
    assert due["everywhere"] == 1


@pytest.mark.parametrize(
    ("text", "coding"),
    [
        ("a" * 152 + "€" + "b" * 20, "Default_No_Compression"),
        ("ë" * 66 + "😀" + "ë" * 66, "Unicode_No_Compression"),
        ("x" * 7600, "Default_No_Compression"),
    ],
    ids=["an-escape-pair-on-the-boundary", "a-surrogate-pair-on-the-boundary", "50-segments"],
)
def test_several_segments_go_as_they_are_counted(text: str, coding: str, smsd: Smsd, gammu: Gateway) -> None:
    sms = an_sms(text=text)
    assert isinstance(gammu.send(sms), Accepted)
    [first], others = smsd.rows("outbox"), smsd.rows("outbox_multipart")
    segments, count = [first, *others], len(split_segments(text))
    assert [segment["TextDecoded"] for segment in segments] == split_segments(text)
    assert {segment["Coding"] for segment in segments} == {coding}
    assert (first["MultiPart"], [row["SequencePosition"] for row in others]) == (
        "true",
        list(range(2, count + 1)),
    )
    mark = first["UDH"][6:8]
    assert [segment["UDH"] for segment in segments] == [f"050003{mark}{count:02X}{n:02X}" for n in range(1, count + 1)]


def test_a_repeat_is_the_same_message_before_and_after_it_is_sent(smsd: Smsd, gammu: Gateway) -> None:
    first = gammu.send(an_sms())
    assert gammu.send(an_sms()) == first
    smsd.sends(an_sms().reference, ("SendingOK", -1))
    assert gammu.send(an_sms()) == first
    assert smsd.rows("outbox") == []
    assert gammu.features.repeats_for >= timedelta(days=35)


@pytest.mark.parametrize(
    ("sms", "reason"),
    [
        (replace(an_sms(), phone=""), "there is no number"),
        (replace(an_sms(), text=""), "the text is empty"),
        (an_sms(text="Tandarts\0om 10:30"), "the text holds a character that SMSD can't be given"),
        (an_sms(text="Tandarts \ud83d"), "the text holds a character that SMSD can't be given"),
        (an_sms(text="x" * 7651), "the text takes more than 50 segments"),
    ],
)
def test_what_the_daemon_would_cut_or_send_to_nobody_is_rejected(
    sms: Outgoing, reason: str, smsd: Smsd, gammu: Gateway
) -> None:
    assert gammu.send(sms) == Rejected(reason)
    assert smsd.rows("outbox") == []


@pytest.mark.parametrize(
    ("period", "octet"),
    [
        (timedelta(days=-1), 0),
        (timedelta(minutes=9), 0),
        (timedelta(minutes=10), 1),
        (timedelta(hours=12), 143),
        (timedelta(hours=12, minutes=29), 143),
        (timedelta(hours=12, minutes=30), 144),
        (timedelta(hours=24), 167),
        (timedelta(hours=47), 167),
        (timedelta(days=2), 168),
        (timedelta(days=30), 196),
        (timedelta(days=34), 196),
        (timedelta(weeks=5), 197),
        (timedelta(weeks=63), 255),
        (timedelta(weeks=99), 255),
    ],
)
def test_the_validity_is_the_standards_octet(period: timedelta, octet: int) -> None:
    assert relative_validity(period) == octet


@given(DEADLINES)
def test_the_validity_never_ends_after_the_appointment_begins_and_the_next_octet_would(period: timedelta) -> None:
    octet = relative_validity(period)
    assert length(octet) <= period
    assert octet == 255 or length(octet + 1) > period


def length(octet: int) -> timedelta:
    """The table of 3GPP TS 23.040 9.2.3.12.1, the other way round."""
    if octet <= 143:
        return (octet + 1) * timedelta(minutes=5)
    if octet <= 167:
        return timedelta(hours=12) + (octet - 143) * timedelta(minutes=30)
    return timedelta(days=octet - 166) if octet <= 196 else timedelta(weeks=octet - 192)


def test_an_appointment_that_begins_soon_shortens_the_validity(smsd: Smsd, gammu: Gateway) -> None:
    gammu.send(replace(an_sms(), valid_until=NOW + timedelta(hours=2)))
    assert [row["RelativeValidity"] for row in smsd.rows("outbox")] == [23]


def test_nothing_is_handed_to_a_daemon_without_a_sign_of_life(smsd: Smsd, gammu: Gateway) -> None:
    smsd.gives_a_sign(ago="-6 minutes")
    outcome = gammu.send(an_sms())
    assert isinstance(outcome, Unavailable)
    assert "gammu-smsd doesn't run" in outcome.reason
    assert smsd.rows("outbox") == []


def test_what_such_a_daemon_has_already_is_still_known(smsd: Smsd, gammu: Gateway) -> None:
    first = gammu.send(an_sms())
    smsd.gives_a_sign(ago="-6 minutes")
    assert gammu.send(an_sms()) == first


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "no smsd.db"
    unavailable(a_gammu(file), "isn't there")
    assert not file.exists()


def test_a_file_that_is_none_of_smsds_is_named(tmp_path: Path) -> None:
    file = tmp_path / "smsd.db"
    file.write_text("[smsd]\nservice = sql\n" * 100)
    unavailable(a_gammu(file), "is no SQLite database")
    unavailable(a_gammu(tmp_path), "isn't there")


def test_a_database_without_its_tables_or_with_older_ones_is_named(tmp_path: Path) -> None:
    file = tmp_path / "smsd.db"
    with another_program(file) as other:
        other.execute("create table patients (name)")
        unavailable(a_gammu(file), "doesn't hold SMSD's tables")
        other.execute("create table gammu (Version)")
        other.execute("insert into gammu values (16)")
        unavailable(a_gammu(file), "SMSD's tables have version 16, not 17")


def test_a_database_that_another_program_locks_is_waited_for_and_then_unavailable(smsd: Smsd, gammu: Gateway) -> None:
    with another_program(smsd.file) as other:
        other.execute("begin exclusive")
        unavailable(gammu, "is locked by another program")
        other.execute("rollback")
        assert isinstance(gammu.send(an_sms()), Accepted)


def test_a_reader_that_lets_nobody_commit_makes_it_unavailable_and_nothing_stays(smsd: Smsd, gammu: Gateway) -> None:
    with another_program(smsd.file) as other:
        other.execute("begin")
        other.execute("select * from outbox").fetchall()
        outcome = gammu.send(an_sms())
        other.execute("commit")
    assert outcome == Unavailable(f"{smsd.file} is locked by another program")
    assert smsd.rows("outbox") == []


def test_a_database_that_may_not_be_written_is_named(smsd: Smsd) -> None:
    smsd.file.chmod(0o444)
    with bound_by_modes():
        outcome = a_gammu(smsd.file).send(an_sms())
    assert isinstance(outcome, Unavailable)
    assert "this user may not read and write it" in outcome.reason
    smsd.file.chmod(0)
    with bound_by_modes():
        unavailable(a_gammu(smsd.file), "this user may not read and write it")


def test_a_commit_that_fails_on_the_disk_is_uncertain(smsd: Smsd, gammu: Gateway) -> None:
    sms = an_sms(text="x" * 7600)
    with files_no_longer_than(smsd.file.stat().st_size):
        outcome = gammu.send(sms)
    assert isinstance(outcome, Uncertain)
    assert "SQLITE_IOERR" in outcome.reason
    assert list(gammu.lookup([asked_about(sms)])) == []


def test_the_database_is_looked_for_beside_our_own(tmp_path: Path) -> None:
    (tmp_path / "gammu smsd").mkdir()
    Smsd(tmp_path / "gammu smsd" / "smsd ?#%41.db")
    own = {"database": "gammu smsd/smsd ?#%41.db"}
    gateway = open_gateway("gammu", Options(tmp_path / "smsreminders.db", own=own))
    assert isinstance(gateway.send(an_sms()), Accepted)


@pytest.mark.parametrize(
    ("own", "error"),
    [
        ({}, r"gateway\.database is missing: the path of SMSD's SQLite file"),
        ({"database": "smsd.db\n"}, r"gateway\.database: that can't be it"),
        ({"databse": "smsd.db"}, r'gateway\.databse: .*did you mean "database"'),
    ],
)
def test_a_setting_that_is_wrong_is_named(own: Mapping[str, str], error: str) -> None:
    with pytest.raises(ConfigError, match=error):
        open_gateway("gammu", Options(Path("smsreminders.db"), own=own))


def test_an_address_is_refused_for_it_would_pass_for_one_on_this_machine() -> None:
    with pytest.raises(ConfigError, match=r"gateway\.base_url: gammu has no address"):
        open_gateway("gammu", Options(Path("smsreminders.db"), "http://localhost:1", own={"database": "smsd.db"}))


def test_a_modem_is_spared_unless_the_configuration_says_otherwise() -> None:
    assert (FEATURES.connections, FEATURES.per_second) == (1, 5)
