"""The tables of the database, as migrations that are applied in order.

Every time is UTC text of one width (`2026-11-24T09:30:00Z`), every local date `2026-11-24`, every rate text: they sort
and compare as they stand, and SQLite's own notions of dates and numbers stay out of it.
"""

from sqlite_utils import Database, Migrations

from smsreminders.store.sealing import CLOSED_TABLES, closed_triggers

MIGRATIONS = Migrations("smsreminders")

_SCHEMA = """
-- this database and no other: its name is part of our references, its runs are counted here and beside the lock
create table installation (
    id integer primary key check (id = 1),
    name text not null,
    runs integer not null,
    last_run_at text,
    -- how far the checks of this file have come: see FileCheck
    checked_at text,
    checked_to text,
    whole_at text
) strict;
insert into installation (id, name, runs) values (1, lower(hex(randomblob(16))), 0);

create table practices (
    id integer primary key,
    code text not null unique,
    name text not null,
    sender_id text not null,
    phone text not null,
    language text,
    legal_name text not null,
    street text not null,
    postcode text not null,
    town text not null,
    kvk_number text not null,
    vat_number text not null,
    buyer_reference text not null,
    first_code text unique  -- where it was renamed: references to a gateway are made of it for ever
) strict;

create table practice_days (
    practice_id integer not null references practices,
    day text not null,
    is_open integer not null check (is_open in (0, 1)),
    primary key (practice_id, day)
) strict, without rowid;

-- the public holidays on which a practice works
create table practice_holidays (
    practice_id integer not null references practices,
    name text not null,
    primary key (practice_id, name)
) strict, without rowid;

create table services (
    id integer primary key,
    practice_id integer not null references practices,
    type text not null check (type in ('notifications')),
    name text not null,
    enabled integer not null check (enabled in (0, 1)),
    unique (practice_id, name)
) strict;

create table service_assignments (
    service_id integer not null references services,
    channel text not null check (channel in ('sms')),
    notification_type text not null check (notification_type in ('appointment-reminder')),
    primary key (service_id, channel, notification_type)
) strict, without rowid;

create table patients (
    id integer primary key,
    practice_id integer not null references practices,
    source_id text not null,
    name text not null,
    phone text not null,
    language text,
    unclear text,  -- why the newest word on their consent could not be understood: nobody texts them
    unclear_since text,
    unique (practice_id, source_id)
) strict;

create table consent_events (
    id integer primary key,
    patient_id integer not null references patients,
    channel text not null check (channel in ('sms')),
    given integer not null check (given in (0, 1)),
    at text not null,
    how text not null check (how in ('desk', 'phone', 'form', 'portal', 'import')),
    by_whom text not null,
    wording text not null,
    recorded_at text not null
) strict;
create index consent_events_in_force on consent_events (patient_id, channel, at, id, given);

-- where imports come from; fields: those that the last good file had, each with whether most rows filled it (JSON)
create table sources (
    id integer primary key,
    practice_id integer not null references practices,
    name text not null,
    kind text not null check (kind in ('appointments', 'patients', 'consents')),
    fields text not null,
    unique (practice_id, name, kind)
) strict;

-- what a source's rows said the last time, field by field (null: it never did): only another word changes anything;
-- unread: the hash of each cell that could not be understood, by field (JSON), never the cell itself;
-- as_of: when the record wrote it, where it tells: older words never go over it
create table said_patients (
    from_source_id integer not null references sources,
    source_id text not null,
    name text,
    phone text,
    language text,
    consent integer check (consent in (0, 1)),
    unread text,
    as_of text,
    primary key (from_source_id, source_id)
) strict, without rowid;

create table said_appointments (
    from_source_id integer not null references sources,
    source_id text not null,
    patient text,
    starts_at text,
    ends_at text,
    status text check (status in ('booked', 'cancelled', 'ignored', 'missing')),  -- missing: from a complete file
    location text,
    practitioner text,
    type text,
    unread text,
    as_of text,
    primary key (from_source_id, source_id)
) strict, without rowid;

create table appointments (
    id integer primary key,
    practice_id integer not null references practices,
    source_id text not null,
    patient_id integer not null references patients,
    starts_at text not null,
    ends_at text,
    location text not null,
    practitioner text not null,
    type text not null,  -- of the appointment, as the practice's record has it
    status text not null check (status in ('booked', 'cancelled')),
    revision integer not null check (revision >= 1),
    unclear text,  -- why its newest row could not be understood: nobody is texted from it
    unique (practice_id, source_id)
) strict;
create index appointments_by_start on appointments (practice_id, starts_at);

create table imports (
    id integer primary key,
    practice_id integer not null references practices,
    kind text not null check (kind in ('appointments', 'patients', 'consents')),
    file text not null,
    from_source_id integer not null references sources,
    content text not null,  -- SHA-256 of the file, empty where it isn't known: the same again is no sign of life
    at text not null,
    rows_read integer not null,
    rejected integer not null,
    refused text  -- why it was refused as a whole; null: it was not
) strict;
create index imports_by_time on imports (practice_id, kind, at) where refused is null;
create index imports_by_content on imports (content, practice_id, kind, at) where refused is null;
create index imports_from on imports (from_source_id);

create table rounds (
    id integer primary key,
    started_at text not null
) strict;

create table round_practices (
    round_id integer not null references rounds,
    practice_id integer not null references practices,
    today text not null,
    last_day text not null,
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
        'already-reminded', 'too-late', 'limit-reached', 'unclear', 'excluded', 'covered')),
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
    gateway_id text,
    gateway_segments integer,
    gateway_price text,
    absent_at text,  -- when the gateway first said that it doesn't know an uncertain one
    rehearsed integer not null check (rehearsed in (0, 1)),  -- by a gateway that sends nothing: no reminder, not billed
    unique (appointment_id, notification_type, revision, rehearsed),
    check (status in ('queued', 'cancelled') or (sent_at is not null and sent_on is not null)),
    check (status <> 'delivered' or delivered_at is not null)
) strict;
create unique index notifications_gateway_id on notifications (gateway, gateway_id) where gateway_id is not null;
create index notifications_by_status on notifications (status, sent_on, practice_id, service_id, segments, rehearsed);
create index notifications_by_creation on notifications (created_at);
create index notifications_taken_back on notifications (id) where status = 'failed' and delivered_at is not null;
create index notifications_sent_on on notifications (practice_id, sent_on);

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

create trigger consent_events_stay before update on consent_events
begin select raise(abort, 'consent events are append-only'); end;
create trigger consent_events_are_kept before delete on consent_events
begin select raise(abort, 'consent events are append-only'); end;
create trigger price_events_stay before update on price_events
begin select raise(abort, 'price events are append-only'); end;
create trigger price_events_are_kept before delete on price_events
begin select raise(abort, 'price events are append-only'); end;
create trigger notification_events_stay before update on notification_events
begin select raise(abort, 'notification events are append-only'); end;
create trigger notification_events_are_kept before delete on notification_events
begin select raise(abort, 'notification events are append-only'); end;
"""


@MIGRATIONS()
def m001_first_tables(db: Database) -> None:
    """Make all tables: from practices and appointments to closed months."""
    db.executescript(_SCHEMA + CLOSED_TABLES)
    for statement in closed_triggers():
        db.execute(statement)
