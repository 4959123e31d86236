"""The schema of what stays of erased patients, and the one door by which append-only rows are changed."""

ERASING_TABLES = """
-- the door: while a row stands here, within the transaction that erases or purges, append-only rows may be blanked
create table erasing (
    id integer primary key check (id = 1)
) strict;

-- patients who were erased, by the trace of their id: no import stores them again
create table erased_patients (
    practice_id integer not null references practices,
    trace text not null,
    at text not null,
    primary key (practice_id, trace)
) strict, without rowid;

-- what was booked and to come of an erased patient, by the trace of who, when and where: where it comes back as it was,
-- its revision stays, and with it what keeps a second text away
create table erased_appointments (
    appointment_id integer primary key references appointments,
    trace text not null
) strict;

-- numbers that were stopped and erased, by their trace, with the earliest stop of each kind that stood: who comes with
-- such a number has it stopped again
create table erased_stops (
    practice_id integer not null references practices,
    trace text not null,
    how text not null check (how in ('reply', 'opt-out', 'rejected', 'desk')),
    at text not null,
    recorded_at text not null,
    primary key (practice_id, trace, how)
) strict, without rowid;
"""
