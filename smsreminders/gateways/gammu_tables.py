"""The tables of Gammu SMSD 1.42 in its SQLite file: a message goes in, its fate and what came in are read.

Sources: gammu-smsd-tables(7), gammu-smsd-sql(7) and smsd/core.c. SMSD has no patience with locks: it tries a statement
ten times, a second apart, and then sends again what it could not note. So no lock is held here for longer than one
message takes.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zlib import crc32

from smsreminders.domain.round.sending import Open, Outgoing, Uncertain
from smsreminders.domain.segments import Encoding, split_segments
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.http.answers import shown, written

CODINGS: dict[Encoding, str] = {"GSM-7": "Default_No_Compression", "UCS-2": "Unicode_No_Compression"}

_VERSION = 17  # of SMSD's tables
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
# ReceivingDateTime is the time of the SMS in SMSD's own time zone, taken for that of this machine, and never for later
# than UpdatedInDB, which is UTC: when SMSD noted it, or another program changed it. So parts that wait are read again.
_INBOX = """
    select cast(ID as text), SenderNumber, TextDecoded, UDH,
        min(coalesce(datetime(ReceivingDateTime, 'utc'), UpdatedInDB), UpdatedInDB),
        cast(strftime('%s', UpdatedInDB) as integer), UpdatedInDB < datetime('now', '-10 minutes')
    from inbox where UpdatedInDB >= datetime(?) and Coding <> '8bit' and Class <> 127
    order by ID"""


@dataclass(frozen=True, slots=True)
class Segment:
    """What the tables say of one segment: SMSD's word, None while it waits; its error, -1 for none; when it arrived."""

    word: str | None
    error: int
    delivered_at: str | None


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An SMS that came in, or a part of one, with its `header` in hexadecimal digits and its time as text in UTC.

    `noted_at` are seconds of Unix time; 1 for one that has `waited`, being noted more than 10 minutes ago.
    """

    id: str
    sender: str = field(repr=False)
    text: str = field(repr=False)
    header: str
    received_at: str
    noted_at: int
    waited: int


@contextmanager
def opened(file: Path, patience: float) -> Iterator[sqlite3.Connection]:
    """Open SMSD's file, which is never made here; what isn't committed is undone.

    `patience` are the seconds to wait for another program's lock. Raises TryAgainLater for whatever is wrong.
    """
    uri = f"{file.absolute().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=patience, isolation_level=None)) as smsd:
            smsd.text_factory = _text
            (version,) = smsd.execute("select max(Version) from gammu").fetchone()
            if version != _VERSION:
                raise TryAgainLater(f"{file}: SMSD's tables have version {version}, not {_VERSION}")
            yield smsd
    except sqlite3.Error as error:
        raise TryAgainLater(f"{file} {_in_words(error)}") from error


def known_id(smsd: sqlite3.Connection, sms: Outgoing) -> str | None:
    """The id of a message that SMSD has already, waiting or sent; None where it has none of this reference."""
    row = smsd.execute(_KNOWN, {"reference": sms.reference, "phone": sms.phone}).fetchone()
    return str(row[0]) if row else None


def put(smsd: sqlite3.Connection, sms: Outgoing) -> str:
    """Put a message into the outbox, in the segments that were counted, and give its id.

    Each of several carries a header that says of which message it is and in what order.

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
    return str(id_)


def fates(smsd: sqlite3.Connection, asked: Sequence[Open]) -> dict[tuple[str, str], list[Segment]]:
    """The segments of each message that is asked for, by our reference and its id."""
    segments_of: dict[tuple[str, str], list[Segment]] = {}
    references = json.dumps([sms.reference for sms in asked])
    for reference, id_, word, error, delivered_at in smsd.execute(_FATES, {"asked": references}):
        segments_of.setdefault((reference, str(id_)), []).append(Segment(word, error, delivered_at))
    return segments_of


def withdraw(smsd: sqlite3.Connection, asked: Sequence[Open]) -> list[tuple[str, str]]:
    """Take out of the outbox what waits although its appointment has begun; give the reference and id of each."""
    late = {"late": json.dumps({sms.reference: written(sms.valid_until) for sms in asked if sms.valid_until})}
    if not smsd.execute(_LATE, late).fetchone():
        return []
    smsd.execute("begin immediate")
    withdrawn = smsd.execute(_WITHDRAWN, late).fetchall()
    smsd.executemany("delete from outbox_multipart where ID = ?", [(id_,) for _, id_ in withdrawn])
    smsd.execute("commit")
    return [(reference, str(id_)) for reference, id_ in withdrawn]


def inbox(smsd: sqlite3.Connection, since: datetime) -> list[InboxRow]:
    """Read what came in since a moment, in order of its ids, without data and network dialogues."""
    return [InboxRow(*row) for row in smsd.execute(_INBOX, (written(since),))]


def commit(smsd: sqlite3.Connection) -> Uncertain | None:
    """Commit what was put; Uncertain where nobody knows whether it was.

    Busy leaves the transaction as it was, to be undone; after any other error nobody knows what is on the disk.
    """
    try:
        smsd.execute("commit")
    except sqlite3.Error as error:
        if _code(error) in _BUSY:
            raise
        return Uncertain(f"SMSD's database {_in_words(error)}")
    return None


def sign_of_life(smsd: sqlite3.Connection) -> int:
    """The modem's signal in percent, 0 or less where it isn't measured.

    Raises TryAgainLater when SMSD gave no sign lately.
    """
    phone = smsd.execute(_PHONE).fetchone()
    if phone is None:
        raise TryAgainLater("gammu-smsd never ran with this database, or may not send: start it, see its log")
    last, lately, signal = phone
    if not lately:
        raise TryAgainLater(f"gammu-smsd doesn't run, or finds no modem: its last sign was at {shown(last)} UTC")
    return int(signal)  # 0 where SMSD doesn't ask the modem (CheckSignal)


def relative_validity(period: timedelta) -> int:
    """A period as one octet, TP-VP in its relative format (3GPP TS 23.040 9.2.3.12.1), rounded down; at least 5 min."""
    minutes, days = period // timedelta(minutes=1), period.days
    if minutes <= 12 * 60:
        return max(minutes // 5, 1) - 1
    if minutes <= 24 * 60:
        return 143 + (minutes - 12 * 60) // 30
    return min(166 + days, 196) if days < 35 else min(192 + days // 7, 255)


def _in_words(error: sqlite3.Error) -> str:
    """Say what to do about an error of SQLite; its own text could quote what stands in the file."""
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
