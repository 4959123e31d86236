"""The schema of the closed months, and the triggers that seal them: a part of the first migration."""

from collections.abc import Iterator

CLOSED_TABLES = """
-- closed months: what stands here never changes. The row of the month is written last and seals the rest: hence the
-- deferred references to it
create table closed_periods (
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

create table closed_practices (
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

create table closed_totals (
    period_id integer not null references closed_periods deferrable initially deferred,
    practice_id integer not null references practices,
    vat_rate text not null,
    amount text not null,
    vat text not null,
    primary key (period_id, practice_id, vat_rate)
) strict, without rowid;

create table invoice_lines (
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
create index invoice_lines_of on invoice_lines (period_id);

-- each notification is charged at most once, and credited at most once
create table charges (
    notification_id integer not null references notifications,
    is_credit integer not null check (is_credit in (0, 1)),
    line_id integer not null references invoice_lines,
    primary key (notification_id, is_credit)
) strict, without rowid;
create index charges_of on charges (line_id);

create table waivers (
    notification_id integer primary key references notifications,
    period_id integer not null references closed_periods deferrable initially deferred
) strict;
create index waivers_of on waivers (period_id);
"""
_SEALED = "exists (select 1 from closed_periods where id = new.period_id)"
_CLOSED = {  # table: what may not be inserted; REPLACE fires no trigger of its delete, so a key that exists is refused
    "closed_periods": "exists (select 1 from closed_periods where period = new.period or id = new.id)"
    " or exists (select 1 from invoice_lines l where l.period_id = new.id"
    " and (select count(*) from charges where line_id = l.id)"
    " not in (abs(l.notifications), iif(new.is_restored, 0, abs(l.notifications))))",
    "closed_practices": _SEALED,
    "closed_totals": _SEALED,
    "invoice_lines": f"{_SEALED} or exists (select 1 from invoice_lines where id = new.id)",
    "charges": "exists (select 1 from charges where notification_id = new.notification_id"
    " and is_credit = new.is_credit) or exists (select 1 from invoice_lines l"
    " join closed_periods p on p.id = l.period_id where l.id = new.line_id)",
    "waivers": f"{_SEALED} or exists (select 1 from waivers where notification_id = new.notification_id)",
}


def closed_triggers() -> Iterator[str]:
    """The SQL statements of triggers that make every change of a closed month an error."""
    for table, refused in _CLOSED.items():
        yield (
            f"create trigger {table}_no_insert before insert on {table} when {refused}"
            " begin select raise(abort, 'a closed month never changes'); end"
        )
        for verb in ("update", "delete"):
            yield (
                f"create trigger {table}_no_{verb} before {verb} on {table}"
                " begin select raise(abort, 'a closed month never changes'); end"
            )
