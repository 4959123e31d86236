"""Gammu SMSD 1.42: a GSM modem on the practice's own machine, through the tables of SMSD's SQLite file.

Sources: gammu-smsd-tables(7), gammu-smsd-sql(7), and smsd/core.c for what follows a failure; the rest was run with
gammu-smsd 1.42 of Debian 12 and its dummy phone (tests/gateways/test_gammu_daemon.py), never with a modem. The sender
is the SIM's own number.

SMSD knows no latest time: what stands in its outbox when it stops goes out when it starts again, and only then does
the validity period begin. So nothing is handed over while it gives no sign of life, and what still waits when its
appointment has begun is taken out of the outbox by the next question for it. It has no patience with locks
either: it tries a statement ten times, a second apart, and then sends again what it could not note. So no lock is
held here for longer than one message takes.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from smsreminders.domain.notifications import Status
from smsreminders.domain.segments import Encoding, split_segments
from smsreminders.domain.sending import (
    Accepted,
    DeliveryReport,
    Open,
    Outcome,
    Outgoing,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsreminders.errors import ConfigError, TryAgainLater
from smsreminders.gateways.base import Options
from smsreminders.gateways.features import Features, Key
from smsreminders.gateways.http.answers import masked, shown, written

FEATURES = Features(
    "Gammu SMSD",
    keys=(
        Key(
            "database", "the path of SMSD's SQLite file: its dbdir and database", form=re.compile(r"[^\x00-\x1f\x7f]+")
        ),
    ),
    kept=timedelta(days=365),  # for ever, unless somebody cleans SMSD's tables
    repeats_for=timedelta(days=365),
    counts_segments=True,
    connections=1,  # a modem is slower anyway, and SMSD has no patience with locks
    per_second=5,
)

STATUSES: dict[str, Status] = {  # of sentitems: gammu-smsd-tables(7)
    "SendingOK": Status.SENT,
    "SendingOKNoReport": Status.SENT,
    "SendingError": Status.FAILED,
    "DeliveryOK": Status.DELIVERED,
    "DeliveryFailed": Status.FAILED,
    "DeliveryPending": Status.SENT,
    "DeliveryUnknown": Status.SENT,  # the network's report has a status that the standard reserves
    "Error": Status.FAILED,
    "Reserved": Status.SENT,
}
REPORTED: dict[tuple[str, int], Status] = {  # with StatusError, 3GPP TS 23.040 9.2.3.15, where that says more
    ("DeliveryOK", 0x01): Status.SENT,  # forwarded, but the service centre can't confirm the delivery
    ("DeliveryOK", 0x02): Status.SENT,  # replaced by another one
    ("DeliveryFailed", 0x46): Status.EXPIRED,  # the validity period is over
}
CODINGS: dict[Encoding, str] = {"GSM-7": "Default_No_Compression", "UCS-2": "Unicode_No_Compression"}

_VERSION = 17  # of SMSD's tables
_MOST_SEGMENTS = 50  # GSM_MAX_MULTI_SMS of libGammu: SMSD would leave the rest out
_WORST_FIRST = (Status.FAILED, Status.EXPIRED, None, Status.SENT, Status.DELIVERED)
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NOT_ALLOWED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}

# By number too: sentitems has an index for that, and none for CreatorID; a search of years would hold the lock long.
_KNOWN = """
    select ID from outbox where CreatorID = :reference
    union all select ID from sentitems where CreatorID = :reference and DestinationNumber = :phone
    limit 1"""
# UpdatedInDB is UTC, by SMSD's own trigger. TimeOut tells nothing: every StatusFrequency (60 s) it is set 10 s ahead.
_PHONE = """
    select UpdatedInDB, UpdatedInDB >= datetime('now', '-5 minutes'), cast(Signal as integer) from phones
    where Send = 'yes' order by UpdatedInDB desc limit 1"""
# SMSD compares with its local time what its schema fills in as UTC: a day ago is due in every time zone.
_OUTBOX = """
    insert into outbox (CreatorID, DestinationNumber, TextDecoded, Coding, UDH, MultiPart, RelativeValidity,
        DeliveryReport, SendingDateTime, SendingTimeOut)
    values (?, ?, ?, ?, ?, ?, ?, 'yes', datetime('now', '-1 day'), datetime('now', '-1 day'))"""
_MULTIPART = "insert into outbox_multipart (ID, SequencePosition, TextDecoded, Coding, UDH) values (?, ?, ?, ?, ?)"
# One statement, so one view of both tables: a message that moves from one to the other is always in sight.
_FATES = """
    select CreatorID, ID, null, -1, null from outbox
    where CreatorID in (select value from json_each(:asked))
    union all select CreatorID, ID, cast(Status as text), cast(StatusError as integer), DeliveryDateTime from sentitems
    where CreatorID in (select value from json_each(:asked))"""


_LATE = """
    select 1 from outbox where CreatorID in (
        select key from json_each(:late) where value < strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    limit 1"""
# SMSD marks a row (SendingTimeOut, and so UpdatedInDB, in UTC) before it sends it, and leaves it alone if it is gone
# by then (smsd/services/sql.c, refresh_send_status); a part that is sent stands in sentitems. So one that was not
# touched for so long, with no part there, is not being sent.
_WITHDRAWN = """
    delete from outbox where CreatorID in (
        select key from json_each(:late) where value < strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    and UpdatedInDB < datetime('now', '-15 minutes')
    and not exists (select 1 from sentitems where sentitems.ID = outbox.ID)
    returning CreatorID, ID"""


class Gammu:
    """An SMSD, by its SQLite file; `patience` are the seconds to wait for another program's lock."""

    features = FEATURES

    def __init__(self, file: Path, patience: float) -> None:
        self._file, self._patience = file, patience

    def send(self, sms: Outgoing) -> Outcome:
        """Put it into SMSD's outbox, our reference as its CreatorID; what it has already isn't put there again."""
        if wrong := _wrong_with(sms):
            return Rejected(wrong)
        try:
            with self._opened() as smsd:
                smsd.execute("begin immediate")
                known = smsd.execute(_KNOWN, {"reference": sms.reference, "phone": sms.phone}).fetchone()
                if known:
                    return Accepted(gateway_id=str(known[0]))
                _sign_of_life(smsd)
                id_ = _put(smsd, sms)
                return _committed(smsd) or Accepted(gateway_id=str(id_))
        except TryAgainLater as error:
            return Unavailable(str(error))

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """All of them at once, by our references; what came too late is withdrawn first."""
        if not asked:
            return
        with self._opened() as smsd:
            withdrawn = _withdraw(smsd, asked)
            rows = smsd.execute(_FATES, {"asked": json.dumps([one.reference for one in asked])}).fetchall()
        found: dict[tuple[str, int], list[tuple[Any, ...]]] = {}
        for reference, id_, *segment in rows:
            found.setdefault((reference, id_), []).append(tuple(segment))
        for reference, id_ in withdrawn:
            yield DeliveryReport(reference, Status.EXPIRED, raw="withdrawn: it waited too long", gateway_id=str(id_))
        for (reference, id_), segments in found.items():
            yield _report(reference, str(id_), segments)

    def account(self) -> str:
        """Whether SMSD runs, and how well its modem hears the network."""
        with self._opened() as smsd:
            signal = _sign_of_life(smsd)
        return f"gammu-smsd runs, signal {signal} %" if signal > 0 else "gammu-smsd runs"

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """SMSD's file, never made here; what isn't committed is undone. Raises TryAgainLater for whatever is wrong."""
        uri = f"{self._file.absolute().as_uri()}?mode=rw"
        try:
            with closing(sqlite3.connect(uri, uri=True, timeout=self._patience, isolation_level=None)) as smsd:
                smsd.text_factory = _text
                (version,) = smsd.execute("select max(Version) from gammu").fetchone()
                if version != _VERSION:
                    raise TryAgainLater(f"{self._file}: SMSD's tables have version {version}, not {_VERSION}")
                yield smsd
        except sqlite3.Error as error:
            raise TryAgainLater(f"{self._file} {_in_words(error)}") from error


def open_gateway(options: Options) -> Gammu:
    """The SMSD of this file; a relative path is beside our own database. Nothing is opened yet. Raises ConfigError."""
    if options.base_url:
        raise ConfigError("gateway.base_url: gammu has no address, it is reached by gateway.database: take it out")
    return Gammu(options.beside.parent / options.own["database"], options.timeout)


def relative_validity(period: timedelta) -> int:
    """A period as one octet, TP-VP in its relative format (3GPP TS 23.040 9.2.3.12.1), rounded down; at least 5 min."""
    minutes, days = period // timedelta(minutes=1), period.days
    if minutes <= 12 * 60:
        return max(minutes // 5, 1) - 1
    if minutes <= 24 * 60:
        return 143 + (minutes - 12 * 60) // 30
    return min(166 + days, 196) if days < 35 else min(192 + days // 7, 255)


def _wrong_with(sms: Outgoing) -> str:
    """What SMSD would change, cut or send to nobody."""
    if not sms.phone:
        return "there is no number"
    if not sms.text:
        return "the text is empty"
    if "\0" in sms.text or any("\ud800" <= character <= "\udfff" for character in sms.text):
        return "the text holds a character that SMSD can't be given"
    if len(split_segments(sms.text)) > _MOST_SEGMENTS:
        return f"the text takes more than {_MOST_SEGMENTS} segments"
    return ""


def _put(smsd: sqlite3.Connection, sms: Outgoing) -> int:
    """Its segments as they were counted; several carry a header that says of which message they are and in what order.

    3GPP TS 23.040 9.2.3.24.1: length 5, element 0 of length 3: reference, how many, which.
    """
    texts, mark = split_segments(sms.text), crc32(sms.reference.encode()) & 0xFF
    several = len(texts) > 1
    (_, *first), *others = [
        (number, text, CODINGS[sms.encoding], f"050003{mark:02X}{len(texts):02X}{number:02X}" if several else None)
        for number, text in enumerate(texts, 1)
    ]
    validity = relative_validity(sms.valid_until - sms.handed_over_at)
    row = (sms.reference, sms.phone, *first, "true" if several else "false", validity)
    id_ = smsd.execute(_OUTBOX, row).lastrowid or 0
    smsd.executemany(_MULTIPART, [(id_, *other) for other in others])
    return id_


def _withdraw(smsd: sqlite3.Connection, asked: Sequence[Open]) -> list[tuple[str, int]]:
    """Take out of the outbox what waits although its appointment has begun: reference and id of each."""
    late = {"late": json.dumps({one.reference: written(one.valid_until) for one in asked if one.valid_until})}
    if not smsd.execute(_LATE, late).fetchone():
        return []
    smsd.execute("begin immediate")
    withdrawn = smsd.execute(_WITHDRAWN, late).fetchall()
    smsd.executemany("delete from outbox_multipart where ID = ?", [(id_,) for _, id_ in withdrawn])
    smsd.execute("commit")
    return withdrawn


def _committed(smsd: sqlite3.Connection) -> Uncertain | None:
    """Busy leaves the transaction as it was, to be undone; after any other error nobody knows what is on the disk."""
    try:
        smsd.execute("commit")
    except sqlite3.Error as error:
        if _code(error) in _BUSY:
            raise
        return Uncertain(f"SMSD's database {_in_words(error)}")
    return None


def _sign_of_life(smsd: sqlite3.Connection) -> int:
    """The signal in percent, 0 or less where it isn't measured. Raises TryAgainLater when SMSD gave no sign lately."""
    phone = smsd.execute(_PHONE).fetchone()
    if phone is None:
        raise TryAgainLater("gammu-smsd never ran with this database, or may not send: start it, see its log")
    last, lately, signal = phone
    if not lately:
        raise TryAgainLater(f"gammu-smsd doesn't run, or finds no modem: its last sign was at {shown(last)} UTC")
    return int(signal)  # 0 where SMSD doesn't ask the modem (CheckSignal)


def _report(reference: str, id_: str, segments: Sequence[tuple[Any, ...]]) -> DeliveryReport:
    """The worst of its segments; one that still stands in the outbox, be it in part, is not sent yet."""
    if any(word is None for word, _, _ in segments):
        return DeliveryReport(reference, Status.SENT, raw="queued at SMSD", gateway_id=id_)
    told = [(REPORTED.get((word, error), STATUSES.get(word)), word, error) for word, error, _ in segments]
    status, word, error = min(told, key=lambda one: _WORST_FIRST.index(one[0]))
    return DeliveryReport(
        reference=reference,
        status=status,
        raw=masked(shown(f"{word}/{error}" if error > 0 else word)),
        gateway_id=id_,
        reported_at=max((shown(at) for _, _, at in segments if at), default=None),
        segments=len(segments),
    )


def _in_words(error: sqlite3.Error) -> str:
    """SQLite's error by what there is to do; its own text could quote what stands in the file."""
    code = _code(error)
    if code in _BUSY:
        return "is locked by another program"
    if code in _NOT_ALLOWED:
        return "isn't there, or this user may not read and write it and its folder"
    if code == sqlite3.SQLITE_NOTADB:
        return "is no SQLite database: gateway.database names another file than SMSD's"
    if code == sqlite3.SQLITE_ERROR:
        return "doesn't hold SMSD's tables: make them with the sqlite.sql of gammu-smsd"
    return f"can't be read or written: {getattr(error, 'sqlite_errorname', 'SQLite fails')}"


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
