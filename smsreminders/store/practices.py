"""Practices, and the days that they set themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

from smsreminders.domain.legal import LEGAL_FIELDS, LegalDetails
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError, did_you_mean
from smsreminders.store.database import Database
from smsreminders.store.times import date_from_text, to_text

_LEGAL = ", ".join(LEGAL_FIELDS)
_PRACTICE = f"select id, code, name, sender_id, phone, language, {_LEGAL}, first_code from practices"


@dataclass(frozen=True, slots=True)
class OwnDays:
    """The days that a practice set itself, and the names of the public holidays on which it works."""

    open_on: frozenset[date]
    closed_on: frozenset[date]
    open_on_holidays: frozenset[str]


def all_practices(db: Database, *, removed: bool = False) -> list[Practice]:
    """List every practice, by code; bills name those that were removed too (`removed`)."""
    return [_practice(row) for row in db.execute(f"{_PRACTICE} where removed_at is null or ? order by code", [removed])]


def practice_by_code(db: Database, code: str, *, removed: bool = False) -> Practice:
    """Find a practice by its code. Raises a UsageError that names the nearest code."""
    practices = all_practices(db, removed=removed)
    for practice in practices:
        if practice.code == code:
            return practice
    if any(practice.code == code for practice in all_practices(db, removed=True)):
        raise UsageError(f'practice "{code}" was removed: only its bills (`report`) and the access log are left')
    raise _unknown(code, practices)


def mark_removed(db: Database, practice_id: int, now: datetime) -> None:
    """Leave a practice out of every list from now on; its code stays taken."""
    db.execute("update practices set removed_at = ? where id = ?", [to_text(now), practice_id])


def add_practice(db: Database, practice: Practice) -> None:
    """Add a practice (its `id` is not looked at). Raises UsageError if the code is taken."""
    _check_free(db, practice.code)
    db.execute(
        f"insert into practices (code, name, sender_id, phone, language, {_LEGAL})"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [practice.code, practice.name, practice.sender_id, practice.phone, practice.language, *_legal(practice)],
    )


def change_practice(db: Database, practice: Practice) -> None:
    """Replace the stored details of a practice by these."""
    db.execute(
        f"update practices set (name, sender_id, phone, language, {_LEGAL}) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " where id = ?",
        [practice.name, practice.sender_id, practice.phone, practice.language, *_legal(practice), practice.id],
    )


def rename_practice(db: Database, practice: Practice, code: str) -> None:
    """Give a practice another code; its first one stays with it. Raises UsageError if the code is taken."""
    _check_free(db, code, practice.id)
    db.execute(
        "update practices set code = ?, first_code = coalesce(first_code, code) where id = ?", [code, practice.id]
    )


def own_days(db: Database, practice_id: int) -> OwnDays:
    """List the days and holidays that a practice set itself."""
    days: dict[int, set[date]] = {0: set(), 1: set()}
    for day, is_open in db.execute("select day, is_open from practice_days where practice_id = ?", [practice_id]):
        days[is_open].add(date_from_text(day))
    names = db.execute("select name from practice_holidays where practice_id = ?", [practice_id])
    return OwnDays(frozenset(days[1]), frozenset(days[0]), frozenset(name for (name,) in names))


def set_days(db: Database, practice_id: int, days: Iterable[date], *, is_open: bool) -> None:
    """Open or close the practice on these days, whatever was said of them before."""
    for day in days:
        db.execute(
            "insert into practice_days (practice_id, day, is_open) values (?, ?, ?)"
            " on conflict (practice_id, day) do update set is_open = excluded.is_open",
            [practice_id, day.isoformat(), is_open],
        )


def open_on_holidays(db: Database, practice_id: int, names: Iterable[str]) -> None:
    """Let the practice work on these public holidays, every year."""
    for name in names:
        db.execute("insert or ignore into practice_holidays (practice_id, name) values (?, ?)", [practice_id, name])


def forget_days(db: Database, practice_id: int, days: Iterable[date], names: Iterable[str]) -> None:
    """Let the calendar decide again on these days and holidays."""
    for day in days:
        db.execute("delete from practice_days where practice_id = ? and day = ?", [practice_id, day.isoformat()])
    for name in names:
        db.execute("delete from practice_holidays where practice_id = ? and name = ?", [practice_id, name])


def _check_free(db: Database, code: str, practice_id: int | None = None) -> None:
    """Refuse a code that another practice has, or had first: its references would be another's."""
    present = {practice.id for practice in all_practices(db)}
    for other in all_practices(db, removed=True):
        if other.id != practice_id and code == other.code:
            if other.id not in present:
                raise UsageError(f'"{code}" was the code of a practice that was removed: its bills name it')
            raise UsageError(f'there is a practice "{code}" already; change it with `practice edit`')
        if other.id != practice_id and code == other.first_code:
            raise UsageError(f'"{code}" was the code of practice {other.code}, which keeps it in its references')


def _unknown(code: str, practices: Sequence[Practice]) -> UsageError:
    renamed = next((practice.code for practice in practices if practice.first_code == code), None)
    nearest = f'it is "{renamed}" now' if renamed else did_you_mean(code, (practice.code for practice in practices))
    return UsageError(f'there is no practice "{code}"; {nearest}')


def _practice(row: tuple[Any, ...]) -> Practice:
    return Practice(row[0], row[1], row[2], row[3], row[4], row[5], LegalDetails(*row[6:-1]), row[-1])


def _legal(practice: Practice) -> tuple[str, ...]:
    return astuple(practice.legal)
