-- a database of the last unreleased schema before covers, as `sqlite3 .dump` wrote it
pragma application_id = 1397576530;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'smsreminders','m001_first_tables','2026-11-29 14:54:17.237886+00:00');
CREATE TABLE appointments (
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
CREATE TABLE charges (
    notification_id integer not null references notifications,
    is_credit integer not null check (is_credit in (0, 1)),
    line_id integer not null references invoice_lines,
    primary key (notification_id, is_credit)
) strict, without rowid;
CREATE TABLE closed_periods (
    id integer primary key,
    period text not null unique,
    closed_at text not null,
    currency text not null,
    vat_rate text not null,
    general_rate text not null,
    csv text not null,
    csv_sha256 text not null,
    contents_sha256 text not null,
    is_restored integer not null check (is_restored in (0, 1)),
    last_event integer  -- the newest event of a notification that the close knew; null: taken back from its CSV
) strict;
CREATE TABLE closed_practices (
    period_id integer not null references closed_periods deferrable initially deferred,
    practice_id integer not null references practices,
    code text not null,
    name text not null,
    legal_name text not null,
    street text not null,
    postcode text not null,
    town text not null,
    kvk_number text not null,
    vat_number text not null,
    buyer_reference text not null,
    primary key (period_id, practice_id)
) strict, without rowid;
CREATE TABLE closed_totals (
    period_id integer not null references closed_periods deferrable initially deferred,
    practice_id integer not null references practices,
    vat_rate text not null,
    amount text not null,
    vat text not null,
    primary key (period_id, practice_id, vat_rate)
) strict, without rowid;
CREATE TABLE consent_events (
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
CREATE TABLE imports (
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
CREATE TABLE installation (
    id integer primary key check (id = 1),
    name text not null,
    runs integer not null,
    last_run_at text,
    -- how far the checks of this file have come: see FileCheck
    checked_at text,
    checked_to text,
    whole_at text
) strict;
INSERT INTO "installation" VALUES(1,'0373aaadf084bd560efb14d51917bd32',0,NULL,NULL,NULL,NULL);
CREATE TABLE invoice_lines (
    id integer primary key,
    period_id integer not null references closed_periods deferrable initially deferred,
    practice_id integer not null references practices,
    practice text not null,
    practice_name text not null,
    service text not null,
    kind text not null check (kind in ('regular', 'late', 'correction')),
    usage_month text not null,
    notifications integer not null,
    segments integer not null,
    rate text not null,
    vat_rate text not null,
    amount text not null
) strict;
CREATE TABLE notification_events (
    id integer primary key,
    notification_id integer not null references notifications,
    at text not null,
    status text not null,
    detail text,
    reported_at text
) strict;
CREATE TABLE notifications (
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
    account text,  -- its name in the configuration ('': [gateway]); null until it is claimed, as the gateway
    gateway_id text,
    gateway_segments integer,
    gateway_price text,
    absent_at text,  -- when the gateway first said that it doesn't know an uncertain one
    rehearsed integer not null check (rehearsed in (0, 1)),  -- by a gateway that sends nothing: no reminder, not billed
    unique (appointment_id, notification_type, revision, rehearsed),
    check ((gateway is null) = (account is null)),
    check (status in ('queued', 'cancelled') or (sent_at is not null and sent_on is not null)),
    check (status <> 'delivered' or delivered_at is not null)
) strict;
CREATE TABLE patients (
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
CREATE TABLE practice_days (
    practice_id integer not null references practices,
    day text not null,
    is_open integer not null check (is_open in (0, 1)),
    primary key (practice_id, day)
) strict, without rowid;
CREATE TABLE practice_holidays (
    practice_id integer not null references practices,
    name text not null,
    primary key (practice_id, name)
) strict, without rowid;
CREATE TABLE practices (
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
CREATE TABLE price_events (
    id integer primary key,
    at text not null,
    by_whom text not null,
    priced text not null check (priced in ('rate', 'vat')),
    verb text not null check (verb in ('added', 'removed')),
    amount text not null,
    valid_from text not null,
    practice_id integer references practices check (practice_id is null or priced = 'rate')
) strict;
CREATE TABLE round_outcomes (
    appointment_id integer not null references appointments,
    round_id integer not null references rounds,
    revision integer not null,
    reason text check (reason in (
        'no-service', 'no-consent', 'consent-withdrawn', 'no-number', 'invalid-number', 'not-mobile', 'cancelled',
        'already-reminded', 'too-late', 'limit-reached', 'unclear', 'excluded', 'covered')),
    primary key (appointment_id, round_id)
) strict, without rowid;
CREATE TABLE round_practices (
    round_id integer not null references rounds,
    practice_id integer not null references practices,
    today text not null,
    last_day text not null,
    held_back integer not null check (held_back in (0, 1)),
    completed_at text,
    primary key (round_id, practice_id)
) strict, without rowid;
CREATE TABLE rounds (
    id integer primary key,
    started_at text not null
) strict;
CREATE TABLE said_appointments (
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
CREATE TABLE said_patients (
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
CREATE TABLE service_assignments (
    service_id integer not null references services,
    channel text not null check (channel in ('sms')),
    notification_type text not null check (notification_type in ('appointment-reminder')),
    primary key (service_id, channel, notification_type)
) strict, without rowid;
CREATE TABLE services (
    id integer primary key,
    practice_id integer not null references practices,
    type text not null check (type in ('notifications')),
    name text not null,
    enabled integer not null check (enabled in (0, 1)),
    unique (practice_id, name)
) strict;
CREATE TABLE sources (
    id integer primary key,
    practice_id integer not null references practices,
    name text not null,
    kind text not null check (kind in ('appointments', 'patients', 'consents')),
    fields text not null,
    unique (practice_id, name, kind)
) strict;
CREATE TABLE waivers (
    notification_id integer primary key references notifications,
    period_id integer not null references closed_periods deferrable initially deferred
) strict;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX consent_events_in_force on consent_events (patient_id, channel, at, id, given);
CREATE INDEX appointments_by_start on appointments (practice_id, starts_at);
CREATE INDEX imports_by_time on imports (practice_id, kind, at) where refused is null;
CREATE INDEX imports_by_content on imports (content, practice_id, kind, at) where refused is null;
CREATE INDEX imports_from on imports (from_source_id);
CREATE TRIGGER consent_events_stay before update on consent_events
begin select raise(abort, 'consent events are append-only'); end;
CREATE TRIGGER consent_events_are_kept before delete on consent_events
begin select raise(abort, 'consent events are append-only'); end;
CREATE INDEX round_practices_by_day on round_practices (practice_id, today);
CREATE UNIQUE INDEX notifications_gateway_id on notifications (account, gateway, gateway_id)
    where gateway_id is not null;
CREATE INDEX notifications_by_status on notifications (status, sent_on, practice_id, service_id, segments, rehearsed);
CREATE INDEX notifications_by_creation on notifications (created_at);
CREATE INDEX notifications_taken_back on notifications (id) where status = 'failed' and delivered_at is not null;
CREATE INDEX notifications_sent_on on notifications (practice_id, sent_on);
CREATE INDEX notification_events_of on notification_events (notification_id);
CREATE TRIGGER price_events_stay before update on price_events
begin select raise(abort, 'price events are append-only'); end;
CREATE TRIGGER price_events_are_kept before delete on price_events
begin select raise(abort, 'price events are append-only'); end;
CREATE TRIGGER notification_events_stay before update on notification_events
begin select raise(abort, 'notification events are append-only'); end;
CREATE TRIGGER notification_events_are_kept before delete on notification_events
begin select raise(abort, 'notification events are append-only'); end;
CREATE INDEX invoice_lines_of on invoice_lines (period_id);
CREATE INDEX charges_of on charges (line_id);
CREATE INDEX waivers_of on waivers (period_id);
CREATE TRIGGER closed_periods_no_insert before insert on closed_periods when exists (select 1 from closed_periods where period = new.period or id = new.id) or exists (select 1 from invoice_lines l where l.period_id = new.id and (select count(*) from charges where line_id = l.id) not in (abs(l.notifications), iif(new.is_restored, 0, abs(l.notifications)))) begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER closed_periods_no_update before update on closed_periods begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER closed_periods_no_delete before delete on closed_periods begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER closed_practices_no_insert before insert on closed_practices when exists (select 1 from closed_periods where id = new.period_id) begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER closed_practices_no_update before update on closed_practices begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER closed_practices_no_delete before delete on closed_practices begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER closed_totals_no_insert before insert on closed_totals when exists (select 1 from closed_periods where id = new.period_id) begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER closed_totals_no_update before update on closed_totals begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER closed_totals_no_delete before delete on closed_totals begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER invoice_lines_no_insert before insert on invoice_lines when exists (select 1 from closed_periods where id = new.period_id) or exists (select 1 from invoice_lines where id = new.id) begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER invoice_lines_no_update before update on invoice_lines begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER invoice_lines_no_delete before delete on invoice_lines begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER charges_no_insert before insert on charges when exists (select 1 from charges where notification_id = new.notification_id and is_credit = new.is_credit) or exists (select 1 from invoice_lines l join closed_periods p on p.id = l.period_id where l.id = new.line_id) begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER charges_no_update before update on charges begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER charges_no_delete before delete on charges begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER waivers_no_insert before insert on waivers when exists (select 1 from closed_periods where id = new.period_id) or exists (select 1 from waivers where notification_id = new.notification_id) begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER waivers_no_update before update on waivers begin select raise(abort, 'a closed month never changes'); end;
CREATE TRIGGER waivers_no_delete before delete on waivers begin select raise(abort, 'a closed month never changes'); end;
COMMIT;
