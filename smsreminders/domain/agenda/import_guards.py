"""The guards of an import: what makes a file so unlike what its source said before that a person must look at it.

Each alarm is a clause of one sentence, with its figures. Whoever is sure lets the file in all the same.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum, auto
from typing import NamedTuple

from smsreminders.domain.agenda.import_figures import Compared, LastFile, Share

_ALWAYS_GONE = 5  # appointments that may be gone without a question: a small practice's busy day
_WHOLE = 3  # appointments of a day or practitioner: one or two may well be cancelled together
SHIFTS = (30, 60, 120)  # minutes: the zones that a program can mistake for the practice's own
_FEWEST_SHIFTED = 5  # starts: one or two patients may well be put off by an hour
_FEWEST = 5  # numbers, names, owners or appointments: of fewer a share says nothing
_FEWEST_NEW = 10  # rows, now and in the last file: a short one may well be new altogether
_COPYING = timedelta(hours=2)  # that a file's time may lose on its way: an hour of summer time, exports made together
_FIRST = 3  # days or practitioners that are named


class Guard(StrEnum):
    """What a file is refused for, unless somebody is sure."""

    EMPTY = auto()
    GONE = auto()
    DAY = auto()
    PRACTITIONER = auto()
    SHIFTED = auto()
    MOVED = auto()
    OTHERS = auto()
    STATUSES = auto()
    NEW_IDS = auto()
    STRANGE = auto()
    OLDER = auto()
    COLUMNS = auto()


class Alarm(NamedTuple):
    """What a guard found, in words with its figures."""

    guard: Guard
    says: str


def alarms_of(compared: Compared) -> list[Alarm]:
    """List what is wrong with a file beside what its source said before; nothing for one that is as usual."""
    always = [*_empty(compared), *_gone(compared), *_others(compared)]
    if compared.changes_only:
        return always
    new = [*_new(compared)] or [*_strangers(compared)]
    return [*always, *_shifted(compared), *_statuses(compared), *new, *_older(compared)]


def _empty(compared: Compared) -> Iterator[Alarm]:
    """Tell of an empty file after one that wasn't. A source of changes may be empty once a person said so."""
    before = compared.last_file
    usual = before.then_empty or compared.changes_only or (compared.gone is None and before.ever_empty)
    if compared.rows == 0 and before.rows and not usual:
        yield Alarm(Guard.EMPTY, f"it is empty, and the last one had {before.rows} rows")


def _gone(compared: Compared) -> Iterator[Alarm]:
    gone = compared.gone
    if gone is None:
        return
    (part, of), known = gone.window, gone.known
    if part > max(_ALWAYS_GONE, of // 5) or (compared.rows == 0 and part):
        yield Alarm(Guard.GONE, f"it lacks {part} of the {of} appointments from {gone.dates}")
    elif known.part > _ALWAYS_GONE and _is_large(
        known
    ):  # leave at the end of an agenda moves a quarter of it out of sight
        yield Alarm(Guard.GONE, f"it lacks {known.part} of the {known.of} appointments to come that the last one had")
    if days := _whole({f"{day:%Y-%m-%d}": share for day, share in sorted(gone.days.items())}):
        yield Alarm(Guard.DAY, f"it has nothing of these days any more: {days}")
    is_only_one = len(gone.practitioners) == 1  # who is gone where all is
    if not is_only_one and (practitioners := _whole(gone.practitioners)):
        yield Alarm(Guard.PRACTITIONER, f"it has nothing of these practitioners any more: {practitioners}")


def _whole(shares: Mapping[str, Share]) -> str:
    """Name those of which all is gone, each with how many appointments that are."""
    gone = [f"{name} ({share.of})" for name, share in shares.items() if share.part == share.of >= _WHOLE]
    more = f" and {len(gone) - _FIRST} more" if len(gone) > _FIRST else ""
    return ", ".join(gone[:_FIRST]) + more


def _shifted(compared: Compared) -> Iterator[Alarm]:
    """Tell of starts of which over half are others: in another zone, or where a column was sorted without the rest."""
    moved = Share(sum(compared.moved.values()), compared.to_come)
    if not _is_over_half(moved):
        return
    for minutes, part in compared.moved.items():
        alike = Share(part, compared.to_come)
        if abs(minutes) in SHIFTS and _is_over_half(alike):
            way = "later" if minutes in SHIFTS else "earlier"
            yield Alarm(Guard.SHIFTED, f"{alike} starts to come are {abs(minutes)} minutes {way}")
            return
    yield Alarm(Guard.MOVED, f"{moved} starts to come are others")


def _statuses(compared: Compared) -> Iterator[Alarm]:
    """Tell of over half that are cancelled, or booked again: a word or a filter of the export means another thing."""
    if _is_over_half(compared.cancelled) and compared.cancelled_days >= _WHOLE:  # a day or two may well fall out
        yield Alarm(Guard.STATUSES, f"{compared.cancelled} appointments to come are cancelled now")
    if _is_over_half(compared.again):
        yield Alarm(Guard.STATUSES, f"{compared.again} appointments that were cancelled are booked now")


def _is_over_half(moved: Share) -> bool:
    return moved.part >= _FEWEST_SHIFTED and 2 * moved.part > moved.of


def _others(compared: Compared) -> Iterator[Alarm]:
    for name, share in (("numbers", compared.phones), ("names", compared.names)):
        if _is_large(share):
            yield Alarm(Guard.OTHERS, f"{share} {name} of patients are others")
    if _is_large(compared.turned):
        yield Alarm(Guard.OTHERS, f"{compared.turned} patients whose consent was no say yes now")
    if _is_large(compared.owners):
        yield Alarm(Guard.OTHERS, f"{compared.owners} appointments are another patient's")


def _is_large(share: Share) -> bool:
    """Tell whether it is over 30 %: in no night of a simulation so much changed."""
    return share.part >= _FEWEST and 10 * share.part > 3 * share.of


def _new(compared: Compared) -> Iterator[Alarm]:
    """Tell of ids that are nearly all new: of the appointments that are known, or of another practice's.

    A file of changes may have nothing but new ones; then its patients are mostly known, and the last one was so too.
    What a person imports in pieces is of other days each time.
    """
    before, new = compared.last_file, Share(compared.rows - compared.known, compared.rows)
    if before.rows < _FEWEST_NEW or not nearly_all(new):
        return
    if 2 * compared.renamed > new.part:
        yield Alarm(
            Guard.NEW_IDS, f"{new} ids are new, {compared.renamed} of them at the patient and start of a known one"
        )
    elif nearly_all(compared.newcomers) or (2 * before.known > before.rows and _overlap(compared, before)):
        yield Alarm(
            Guard.STRANGE, f"{new} ids are new, and {compared.newcomers} patients: it may be another practice's"
        )


def _strangers(compared: Compared) -> Iterator[Alarm]:
    """Tell of many that came in between, of patients whom nobody knows, where the last file was mostly known."""
    before, strangers = compared.last_file, compared.strangers
    if strangers.part >= _FEWEST and 10 * strangers.part > 4 * strangers.of and 2 * before.known > before.rows:
        found = f"{strangers} appointments on days of the last file are new, of patients whom nobody knows"
        yield Alarm(Guard.STRANGE, f"{found}: some may be another practice's")


def nearly_all(share: Share) -> bool:
    """Tell whether a share is nine tenths or more, of ten at least."""
    return share.of >= _FEWEST_NEW and 10 * share.part >= 9 * share.of


def _older(compared: Compared) -> Iterator[Alarm]:
    before = compared.last_file
    if compared.written and before.written and compared.written < before.written - _COPYING:
        times = f"{compared.written:%Y-%m-%d %H:%M} UTC, the last one on {before.written:%Y-%m-%d %H:%M}"
        yield Alarm(Guard.OLDER, f"it was written on {times}")
    elif compared.same_as:
        yield Alarm(Guard.OLDER, f"it is the file of {compared.same_as:%Y-%m-%d}, after which another one came")
    elif _begins_earlier(compared, before):
        yield Alarm(Guard.OLDER, f"it goes from {compared.dates}, the last one from {before.dates}")
    elif compared.gone is not None and compared.overtaken:
        yield Alarm(
            Guard.OLDER, f"{Share(compared.overtaken, compared.rows)} rows were written before what is known of them"
        )


def _begins_earlier(compared: Compared, before: LastFile) -> bool:
    """Tell whether a file begins before the last one, though it tells of nearly nothing that isn't known.

    Exports begin on the day on which they are made, or so many days before it.
    """
    now, then = compared.dates, before.dates
    if not (now and then and _overlap(compared, before) and nearly_all(Share(compared.known, compared.rows))):
        return False
    return now.first < then.first


def _overlap(compared: Compared, before: LastFile) -> bool:
    """Tell whether two files have dates in common; those of patients have no dates."""
    if compared.dates is None or before.dates is None:
        return compared.dates is before.dates
    return compared.dates.overlaps(before.dates)
