"""The schema of stopped and dead numbers, a part of the first migration, and the rules on them in SQL.

`domain/round/stopped.py` and `domain/round/dead_numbers.py` have the same rules; a test holds them together.
"""

# of a stop event s: that it was not lifted
STANDS = """s.stopped = 1 and not exists (
    select 1 from stop_events l where l.practice_id = s.practice_id and l.e164 = s.e164 and l.stopped = 0
    and l.id > s.id and (l.how = 'desk' or (s.how = 'reply' and l.at >= s.at)))"""

# of a word m on a number: that it is a failure after which no text arrived there and nobody lifted it
STILL_FAILS = """m.word = 'dead' and not exists (
    select 1 from number_words l where l.practice_id = m.practice_id and l.e164 = m.e164
    and l.word <> 'dead' and l.id > m.id)"""

STOP_TABLES = """
-- phones that are stopped for a practice and lifted again, as it became known; at: when it was said
create table stop_events (
    id integer primary key,
    practice_id integer not null references practices,
    e164 text not null,
    stopped integer not null check (stopped in (0, 1)),
    at text not null,
    how text not null check (how in ('reply', 'opt-out', 'rejected', 'desk')),
    by_whom text not null,
    recorded_at text not null,
    check (stopped = 1 or how in ('reply', 'desk'))
) strict;
create index stop_events_of on stop_events (practice_id, e164, stopped);

-- what was learned of a number: dead, by a gateway's code on a notification; delivered and lifted undo that
create table number_words (
    id integer primary key,
    practice_id integer not null references practices,
    e164 text not null,
    word text not null check (word in ('dead', 'delivered', 'lifted')),
    at text not null,
    notification_id integer references notifications check ((notification_id is null) = (word = 'lifted')),
    by_whom text not null
) strict;
create index number_words_of on number_words (practice_id, e164);
create unique index number_words_dead on number_words (notification_id, e164) where word = 'dead';

create trigger stop_events_stay before update on stop_events
begin select raise(abort, 'stop events are append-only'); end;
create trigger stop_events_are_kept before delete on stop_events
when not exists (select 1 from erasing)
begin select raise(abort, 'stop events are append-only'); end;
create trigger number_words_stay before update on number_words
begin select raise(abort, 'the words on numbers are append-only'); end;
create trigger number_words_are_kept before delete on number_words
when not exists (select 1 from erasing)
begin select raise(abort, 'the words on numbers are append-only'); end;
"""
