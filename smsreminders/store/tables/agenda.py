"""The schema of practices, services, patients, consents, appointments and imports: a part of the first migration."""

AGENDA_TABLES = """
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
    first_code text unique,  -- where it was renamed: references to a gateway are made of it for ever
    removed_at text  -- when it left: what stays is what bills count, and its code
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
    phone text not null,  -- as it was written
    e164 text,  -- the number that it is, be it one that isn't texted; null: it is none
    language text,
    unclear text,  -- why the newest word on their consent could not be understood: nobody texts them
    unclear_since text,
    erased_at text,  -- when a person had them erased: what stays is a row without a name
    unique (practice_id, source_id)
) strict;
create index patients_of_number on patients (e164) where e164 is not null;

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

-- where imports come from; fields: those that the last good file had, each with whether most rows filled it (JSON);
-- tag: by which a feed or a file knows whether it changed since tagged_at (its ETag, its SHA-256), read by the settings
-- of this hash; came_at: when the newest file that was taken was written, or the feed last answered
create table sources (
    id integer primary key,
    practice_id integer not null references practices,
    name text not null,
    kind text not null check (kind in ('appointments', 'patients', 'consents')),
    fields text not null,
    tag text not null default '',
    settings text not null default '',
    tagged_at text not null default '',
    came_at text,
    unique (practice_id, name, kind)
) strict;

-- of each source the last good import that had rows: how many counted, how many of their ids were known by then, the
-- dates (UTC) of its first and last start, the file's own time; an empty one was let in after it, or at any time
create table last_files (
    from_source_id integer primary key references sources,
    rows integer not null,
    known integer not null,
    first_day text,
    last_day text,
    written_at text,
    then_empty integer not null check (then_empty in (0, 1)),
    ever_empty integer not null check (ever_empty in (0, 1))
) strict;

-- the booked appointments to come that the last complete file of a source lacks, be they after the days that it is
-- complete for: what the next one lacks too is no news
create table last_lacked (
    from_source_id integer not null references sources,
    source_id text not null,
    primary key (from_source_id, source_id)
) strict, without rowid;

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
    outcome text,
    unread text,
    as_of text,
    lacked_by text,  -- the SHA-256 of the first complete file that lacked it: the same again is no second one
    lacked_at text,  -- when that was: what comes soon after is no second one either
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
    outcome text check (outcome in ('attended', 'no-show')),
    status text not null check (status in ('booked', 'cancelled')),
    revision integer not null check (revision >= 1),
    unclear text,  -- why its newest row could not be understood: nobody is texted from it
    missing text,  -- which complete file lacks it: nobody is texted of it while it is booked; null again by a new word
    unique (practice_id, source_id)
) strict;
create index appointments_by_start on appointments (practice_id, starts_at);

-- how appointments stood at their former revisions: what a text of then said, and of which day it was
create table former_appointments (
    appointment_id integer not null references appointments,
    revision integer not null,
    patient_id integer not null references patients,
    starts_at text not null,
    location text not null,
    primary key (appointment_id, revision)
) strict, without rowid;
create trigger appointments_are_revised after update of revision on appointments when new.revision > old.revision
begin
    insert or ignore into former_appointments values (
        old.id, old.revision, old.patient_id, old.starts_at, old.location);
end;

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

create trigger consent_events_stay before update on consent_events
when not exists (select 1 from erasing)
begin select raise(abort, 'consent events are append-only'); end;
create trigger consent_events_are_kept before delete on consent_events
begin select raise(abort, 'consent events are append-only'); end;
"""
