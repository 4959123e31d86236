"""SMSD's side of its database without SMSD: the columns that the gateway uses, and what the daemon does, by SQL."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

REAL_SCHEMA = Path("/usr/share/doc/gammu-smsd/examples/sqlite.sql")  # of Debian's package, which may not stand here
IMEI = "353918052900777"

# Ours, of what gammu-smsd-tables(7) describes; test_gammu.py compares it with the real one.
SCHEMA = """
create table gammu (Version INTEGER NOT NULL DEFAULT '0' PRIMARY KEY);
insert into gammu (Version) values (17);
create table inbox (
    UpdatedInDB NUMERIC NOT NULL DEFAULT (datetime('now')),
    ReceivingDateTime NUMERIC NOT NULL DEFAULT (datetime('now')),
    Text TEXT NOT NULL,
    SenderNumber TEXT NOT NULL DEFAULT '',
    Coding TEXT NOT NULL DEFAULT 'Default_No_Compression',
    UDH TEXT NOT NULL,
    SMSCNumber TEXT NOT NULL DEFAULT '',
    Class INTEGER NOT NULL DEFAULT '-1',
    TextDecoded TEXT NOT NULL DEFAULT '',
    ID INTEGER PRIMARY KEY AUTOINCREMENT,
    RecipientID TEXT NOT NULL,
    Processed TEXT NOT NULL DEFAULT 'false',
    Status INTEGER NOT NULL DEFAULT '-1'
);
create table outbox (
    UpdatedInDB NUMERIC NOT NULL DEFAULT (datetime('now')),
    SendingDateTime NUMERIC NOT NULL DEFAULT (datetime('now')),
    Text TEXT,
    DestinationNumber TEXT NOT NULL DEFAULT '',
    Coding TEXT NOT NULL DEFAULT 'Default_No_Compression',
    UDH TEXT,
    Class INTEGER DEFAULT '-1',
    TextDecoded TEXT NOT NULL DEFAULT '',
    ID INTEGER PRIMARY KEY AUTOINCREMENT,
    MultiPart TEXT NOT NULL DEFAULT 'false',
    RelativeValidity INTEGER DEFAULT '-1',
    SenderID TEXT,
    SendingTimeOut NUMERIC NOT NULL DEFAULT (datetime('now')),
    DeliveryReport TEXT DEFAULT 'default',
    CreatorID TEXT NOT NULL
);
create trigger update_outbox_time update on outbox begin
    update outbox set UpdatedInDB = datetime('now') where ID = old.ID;
end;
create table outbox_multipart (
    Text TEXT,
    Coding TEXT NOT NULL DEFAULT 'Default_No_Compression',
    UDH TEXT,
    TextDecoded TEXT DEFAULT NULL,
    ID INTEGER,
    SequencePosition INTEGER NOT NULL DEFAULT '1',
    primary key (ID, SequencePosition)
);
create table phones (
    ID TEXT NOT NULL,
    UpdatedInDB NUMERIC NOT NULL DEFAULT (datetime('now')),
    Send TEXT NOT NULL DEFAULT 'no',
    IMEI TEXT PRIMARY KEY NOT NULL,
    IMSI TEXT NOT NULL,
    Client TEXT NOT NULL,
    Signal INTEGER NOT NULL DEFAULT -1
);
create table sentitems (
    DeliveryDateTime NUMERIC NULL,
    Text TEXT NOT NULL,
    DestinationNumber TEXT NOT NULL DEFAULT '',
    UDH TEXT NOT NULL,
    ID INTEGER,
    SenderID TEXT NOT NULL,
    SequencePosition INTEGER NOT NULL DEFAULT '1',
    Status TEXT NOT NULL DEFAULT 'SendingOK',
    StatusError INTEGER NOT NULL DEFAULT '-1',
    CreatorID TEXT NOT NULL,
    primary key (ID, SequencePosition)
);
"""


def real_schema() -> str:
    """The one of the package; skips without it."""
    if not REAL_SCHEMA.exists():
        pytest.skip(f"no {REAL_SCHEMA}: Debian's package gammu-smsd brings it")
    return REAL_SCHEMA.read_text(encoding="utf-8")


class Smsd:
    """A database of SMSD whose daemon lives, and hears the network with 60 %."""

    def __init__(self, file: Path, schema: str = SCHEMA) -> None:
        self.file = file
        with closing(sqlite3.connect(file)) as database:
            database.executescript(schema)
        self.gives_a_sign()

    def do(self, statement: str, *values: object) -> list[Any]:
        """One statement, as its own transaction."""
        with closing(sqlite3.connect(self.file, timeout=10, isolation_level=None)) as database:
            database.execute("pragma ignore_check_constraints = on")  # for words that SMSD doesn't know yet
            database.row_factory = sqlite3.Row
            return database.execute(statement, values).fetchall()

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table, in order."""
        order = {"inbox": "ID", "outbox": "ID", "phones": "IMEI"}.get(table, "ID, SequencePosition")
        return [dict(row) for row in self.do(f"select * from {table} order by {order}")]  # noqa: S608

    def gives_a_sign(self, *, ago: str = "-0 seconds", send: str = "yes", signal: int = 60, imei: str = IMEI) -> None:
        """Its row as of then: REPLACE, for an UPDATE sets the real schema's UpdatedInDB to now."""
        self.do(
            "replace into phones (IMEI, ID, IMSI, Client, Send, Signal, UpdatedInDB) "
            "values (?, 'dummy1', '204080000000000', 'Gammu 1.42.0', ?, ?, datetime('now', ?))",
            *(imei, send, signal, ago),
        )

    def stands(self, reference: str, *, since: str) -> None:
        """Age a message that the daemon hasn't touched since a time; any other UPDATE sets UpdatedInDB to now."""
        triggers = self.do("select name, sql from sqlite_master where name = 'update_outbox_time'")
        for name, _ in triggers:
            self.do(f"drop trigger {name}")
        self.do("update outbox set UpdatedInDB = datetime('now', ?) where CreatorID = ?", since, reference)
        for _, sql in triggers:
            self.do(sql)

    def sends(self, reference: str, *fates: tuple[str, int], delivered_at: str | None = None) -> None:
        """What it does with a message that it sends: each segment goes to sentitems, with its Status and StatusError.

        With fewer fates than segments it is still at it: the outbox keeps the message.
        """
        (id_,) = self.do("select ID from outbox where CreatorID = ?", reference)[0]
        (segments,) = self.do("select 1 + count(*) from outbox_multipart where ID = ?", id_)[0]
        for position, (status, error) in enumerate(fates, 1):
            self.do(
                "insert into sentitems (CreatorID, ID, SequencePosition, Status, StatusError, DeliveryDateTime, "
                "DestinationNumber, Text, UDH, SenderID) values (?, ?, ?, ?, ?, ?, '+31612345678', '', '', 'dummy1')",
                *(reference, id_, position, status, error, delivered_at),
            )
        if len(fates) >= segments:
            self.do("delete from outbox where ID = ?", id_)
            self.do("delete from outbox_multipart where ID = ?", id_)

    def receives(
        self,
        phone: str,
        text: str,
        *,
        header: str = "",
        ago: str = "-0 seconds",
        noted: str = "now",
        sent: str | None = None,
        coding: str = "Default_No_Compression",
        kind: int = -1,
    ) -> str:
        """Note an SMS that came in, some time `ago` before it was `noted`, sent in SMSD's local time; give its id."""
        [[id_]] = self.do(
            "insert into inbox (SenderNumber, TextDecoded, UDH, Text, RecipientID, Coding, Class, UpdatedInDB, "
            "ReceivingDateTime) values (?, ?, ?, '', 'dummy1', ?, ?, datetime(?, ?), "
            "coalesce(?, datetime(?, 'localtime', ?))) returning ID",
            *(phone, text, header, coding, kind, noted, ago, sent, noted, ago),
        )
        return str(id_)
