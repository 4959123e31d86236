"""The schema of replies and of how far each gateway's lists were read: a part of the first migration."""

REPLY_TABLES = """
-- what came in from phones, by an account; phone: E.164, or as the gateway writes it; answered: the number that it was
-- sent to, empty where the gateway doesn't tell; done_at: null while it waits for the desk, done_by: empty where it
-- needed nobody
create table replies (
    id integer primary key,
    gateway text not null,
    account text not null,
    gateway_id text not null,
    phone text not null,
    answered text not null,
    text text not null,
    says text not null check (says in ('stop', 'start', 'yes', 'wants-to-cancel', 'perhaps-stop', 'other')),
    received_at text not null,
    recorded_at text not null,
    done_at text,
    done_by text not null,
    unique (account, gateway, gateway_id)
) strict;
create index replies_of on replies (phone, received_at);
create index replies_waiting on replies (id) where done_at is null;
create index replies_holding on replies (phone) where done_at is null and says = 'perhaps-stop';

create table reply_practices (
    reply_id integer not null references replies,
    practice_id integer not null references practices,
    primary key (reply_id, practice_id)
) strict, without rowid;

-- the appointments that a reply may be about, each as the text told of it, and whether it confirmed them
create table reply_appointments (
    reply_id integer not null references replies,
    appointment_id integer not null references appointments,
    revision integer not null,
    notification_id integer not null references notifications,
    confirmed integer not null check (confirmed in (0, 1)),
    primary key (reply_id, appointment_id, notification_id)
) strict, without rowid;
create index reply_appointments_of on reply_appointments (appointment_id, revision, confirmed);
create index reply_appointments_told on reply_appointments (notification_id);

-- how far the lists of an account were read to their end: the newest entry, by the gateway's clock
create table inbox_marks (
    gateway text not null,
    account text not null,
    list text not null check (list in ('inbox', 'opt-outs')),
    read_to text not null,
    primary key (account, gateway, list)
) strict, without rowid;

create trigger reply_appointments_stay before update on reply_appointments
begin select raise(abort, 'what a reply confirmed is append-only'); end;
create trigger reply_appointments_are_kept before delete on reply_appointments
begin select raise(abort, 'what a reply confirmed is append-only'); end;
"""
