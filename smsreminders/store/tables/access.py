"""The schema of the access log: a part of the first migration."""

ACCESS_TABLES = """
-- who looked at patients' data or changed it, chained line by line (domain/keep/access.py);
-- practice_id and patients (JSON) are row ids: no name and no number stands here
create table access_log (
    number integer primary key,
    at text not null,
    os_user text not null,
    by_whom text not null,
    command text not null,
    verb text not null check (verb in ('looked', 'changed', 'exported', 'erased', 'purged', 'anchored')),
    practice_id integer references practices,
    patients text not null,
    note text not null,
    hash text not null
) strict;

-- the last line that was purged, as a mark
create table access_base (
    id integer primary key check (id = 1),
    number integer not null,
    hash text not null
) strict;
insert into access_base (id, number, hash) values (1, 0, printf('%064d', 0));

create trigger access_log_follows before insert on access_log
when new.number <> max((select number from access_base), coalesce((select max(number) from access_log), 0)) + 1
begin select raise(abort, 'the access log is append-only'); end;
create trigger access_log_stays before update on access_log
begin select raise(abort, 'the access log is append-only'); end;
create trigger access_log_is_kept before delete on access_log
when old.number > (select number from access_base)
begin select raise(abort, 'the access log is append-only'); end;
"""
