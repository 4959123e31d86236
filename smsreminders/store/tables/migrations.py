"""The tables of the database, as migrations that are applied in order.

Every time is UTC text of one width (`2026-11-24T09:30:00Z`), every local date `2026-11-24`, every rate text: they sort
and compare as they stand, and SQLite's own notions of dates and numbers stay out of it.
"""

from hashlib import sha256

from sqlite_utils import Database, Migrations

from smsreminders.store.tables.access import ACCESS_TABLES
from smsreminders.store.tables.agenda import AGENDA_TABLES
from smsreminders.store.tables.erasing import ERASING_TABLES
from smsreminders.store.tables.replies import REPLY_TABLES
from smsreminders.store.tables.sealing import CLOSED_TABLES, closed_triggers
from smsreminders.store.tables.stops import STOP_TABLES

MIGRATIONS = Migrations("smsreminders")

_SCHEMA = """
-- this database and no other: its name is part of our references, its runs are counted here and beside the lock
create table installation (
    id integer primary key check (id = 1),
    name text not null,
    runs integer not null,
    last_run_at text,
    salt text not null,  -- of the traces of what was erased
    country text not null,  -- whose numbers are written without a country code: patients.e164 are read so
    -- how far the checks of this file have come: see FileCheck
    checked_at text,
    checked_to text,
    whole_at text
) strict;
insert into installation (id, name, runs, salt, country)
    values (1, lower(hex(randomblob(16))), 0, lower(hex(randomblob(16))), 'NL');

create table rounds (
    id integer primary key,
    started_at text not null
) strict;

create table round_practices (
    round_id integer not null references rounds,
    practice_id integer not null references practices,
    today text not null,
    last_day text not null,
    planned integer not null,  -- texts
    skipped text not null,  -- how many appointments for which reason (JSON)
    held_back integer not null check (held_back in (0, 1)),
    completed_at text,
    primary key (round_id, practice_id)
) strict, without rowid;
create index round_practices_by_day on round_practices (practice_id, today);

-- what each round made of each appointment that it looked at; no reason: it got a reminder
create table round_outcomes (
    appointment_id integer not null references appointments,
    round_id integer not null references rounds,
    revision integer not null,
    reason text check (reason in (
        'no-service', 'no-consent', 'consent-withdrawn', 'no-number', 'invalid-number', 'not-mobile', 'cancelled',
        'already-reminded', 'too-late', 'limit-reached', 'unclear', 'missing', 'excluded', 'covered', 'stopped',
        'dead-number', 'confirmed', 'perhaps-stopped', 'unfit-text')),
    primary key (appointment_id, round_id)
) strict, without rowid;

create table notifications (
    id integer primary key,
    reference text not null unique,
    practice_id integer not null references practices,
    service_id integer not null references services,
    appointment_id integer not null references appointments,
    patient_id integer not null references patients,
    notification_type text not null check (notification_type in ('appointment-reminder')),
    channel text not null check (channel in ('sms')),
    revision integer not null,
    occasion integer not null check (occasion >= 1),  -- working days before; these are of the first covered appointment
    attempt integer not null check (attempt in (1, 2)),
    starts_at text not null,
    phone text not null,
    sender_id text not null,
    text text not null,
    encoding text not null check (encoding in ('GSM-7', 'UCS-2')),
    segments integer not null check (segments >= 1),
    status text not null check (status in (
        'queued', 'sending', 'sent', 'delivered', 'failed', 'expired', 'rejected', 'uncertain', 'cancelled')),
    reason text,
    created_at text not null,
    sent_at text,
    sent_on text,
    delivered_at text,
    gateway text,
    account text,  -- its name in the configuration ('': [gateway]); null until it is claimed, as the gateway
    gateway_id text,
    gateway_segments integer,
    gateway_price text,
    absent_at text,  -- when the gateway first said that it doesn't know an uncertain one
    rehearsed integer not null check (rehearsed in (0, 1)),  -- by a gateway that sends nothing: no reminder, not billed
    check ((gateway is null) = (account is null)),
    check (status in ('queued', 'cancelled') or (sent_at is not null and sent_on is not null)),
    check (status <> 'delivered' or delivered_at is not null)
) strict;
create unique index notifications_gateway_id on notifications (account, gateway, gateway_id)
    where gateway_id is not null;
create index notifications_by_status on notifications (status, sent_on, practice_id, service_id, segments, rehearsed);
create index notifications_by_creation on notifications (created_at);
create index notifications_taken_back on notifications (id) where status = 'failed' and delivered_at is not null;
create index notifications_sent_on on notifications (practice_id, sent_on);
create index notifications_to on notifications (phone);

-- which appointments a notification is about, each as what: one text at most is for an appointment's revision, occasion
-- and attempt; words: the digest of what it would say of this appointment alone, empty once the text is blanked
create table covers (
    appointment_id integer not null references appointments,
    notification_type text not null check (notification_type in ('appointment-reminder')),
    revision integer not null,
    occasion integer not null check (occasion >= 1),
    attempt integer not null check (attempt in (1, 2)),
    rehearsed integer not null check (rehearsed in (0, 1)),
    notification_id integer not null references notifications,
    words text not null,
    primary key (appointment_id, notification_type, revision, occasion, attempt, rehearsed)
) strict, without rowid;
create index covers_of on covers (notification_id);

create table notification_events (
    id integer primary key,
    notification_id integer not null references notifications,
    at text not null,
    status text not null,
    detail text,
    reported_at text
) strict;
create index notification_events_of on notification_events (notification_id);

-- rates and VAT rates, as they were added and removed: what was not removed since counts
create table price_events (
    id integer primary key,
    at text not null,
    by_whom text not null,
    priced text not null check (priced in ('rate', 'vat')),
    verb text not null check (verb in ('added', 'removed')),
    amount text not null,
    valid_from text not null,
    practice_id integer references practices check (practice_id is null or priced = 'rate')
) strict;

create trigger covers_stay before update on covers
when (select status from notifications where id = old.notification_id) not in ('queued', 'cancelled', 'rejected')
    and not (exists (select 1 from erasing) and new.words = '')
begin select raise(abort, 'what was perhaps sent covers its appointments for ever'); end;
create trigger covers_are_kept before delete on covers
when (select status from notifications where id = old.notification_id) not in ('queued', 'cancelled', 'rejected')
begin select raise(abort, 'what was perhaps sent covers its appointments for ever'); end;
create trigger price_events_stay before update on price_events
begin select raise(abort, 'price events are append-only'); end;
create trigger price_events_are_kept before delete on price_events
begin select raise(abort, 'price events are append-only'); end;
create trigger notification_events_stay before update on notification_events
when not exists (select 1 from erasing)
begin select raise(abort, 'notification events are append-only'); end;
create trigger notification_events_are_kept before delete on notification_events
begin select raise(abort, 'notification events are append-only'); end;
"""

_TABLES = (
    AGENDA_TABLES
    + _SCHEMA
    + STOP_TABLES
    + REPLY_TABLES
    + ACCESS_TABLES
    + ERASING_TABLES
    + CLOSED_TABLES
    + ";\n".join(closed_triggers())
    + ";"
)
# a database with other first tables, of no released version, is known by this name and refused. From 0.1.0 on the
# tables above never change: what changes them is a new migration below (CONTRIBUTING.md)
_FIRST = f"m001_tables_{sha256(_TABLES.encode()).hexdigest()[:8]}"


@MIGRATIONS(name=_FIRST)
def first_tables(db: Database) -> None:
    """Make all tables: from practices and appointments to closed months."""
    db.executescript(_TABLES)
