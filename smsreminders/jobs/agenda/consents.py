"""What a list of consents says, into the store: events with a time of their own, and words without one."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from smsreminders.domain.agenda.believed import believe_consent
from smsreminders.domain.consent import (
    Consent,
    ConsentEvent,
    FutureConsent,
    How,
    check_time,
    in_force,
    standing_withdrawal,
)
from smsreminders.errors import UsageError
from smsreminders.importers.records import ConsentRecord
from smsreminders.jobs.agenda.tally import Change, Tally
from smsreminders.store import patients
from smsreminders.store.agenda import said
from smsreminders.store.agenda.said import SaidPatient, SourceRow
from smsreminders.store.database import Database
from smsreminders.store.patients import unknown_patient


class ToldConsent(NamedTuple):
    """A row of a list of consents; `marks` tells its unread cells apart from others, None: all were read."""

    record: ConsentRecord
    marks: str | None = None


class Heard(NamedTuple):
    """What the rows of a file say of consents beside the events: by patient, what is unread, and who was understood."""

    unread: dict[str, list[str]]
    understood: set[str]
    mended: set[str]


def save_consents(
    db: Database,
    source: SourceRow,
    rows: Sequence[ToldConsent],
    *,
    file: str,
    heard: Heard,
    tally: Tally,
    now: datetime,
) -> list[Change | UsageError]:
    """Add consents to their patients' events unless they are there; a no without a readable time counts from now on.

    A yes without a time counts as a column does, and undoes no withdrawal by a person. An outcome for each: an error
    for an unknown patient, and for a yes in the future.
    """
    names = {record.source_id for record, _ in rows}
    ids = patients.ids_among(db, source.practice_id, names)
    known = patients.consent_histories(db, ids.values())
    kept, since = said.patients_said(db, source, names), said.unclear_since(db, source.practice_id, names)
    outcomes: list[Change | UsageError] = []
    new: list[tuple[int, ConsentEvent]] = []
    for row in rows:
        record, marks, future = _without_future(row, now)
        who = record.source_id
        if who not in ids:
            outcomes.append(unknown_patient(who))
            continue
        before, events = kept.get(who, SaidPatient()), known[ids[who]]
        says_no = record.given is False
        event, says, held_back = _believed(record, marks, before, events, file=file, now=now)
        if marks is not None and not says_no:
            heard.unread.setdefault(who, []).append(marks)
        else:
            heard.understood.add(who)
        if held_back:
            tally.held_back.append(who)
        if says is not None:
            kept[who] = SaidPatient(consent=says, unheard=before.unheard)
        outcomes.append(future or (Change.UNCHANGED if event is None or event in events else Change.ADDED))
        if event is None or event in events:
            continue
        if record.at is None or event.at >= since.get(who, event.at):
            heard.mended.add(who)
        was = in_force(events)
        events.append(event)
        events.sort(key=lambda event: event.at)
        new.append((ids[who], event))
        tally.consents_changed += Consent.of(was.given if was else None) is not Consent.of(events[-1].given)
    said.keep_patients(db, source, kept)
    patients.add_consents(db, new, now)
    return outcomes


def settle_unclear(db: Database, source: SourceRow, heard: Heard, reasons: dict[str, str], *, now: datetime) -> None:
    """Hold those of whose consent the file says what can't be understood, and no longer those of whom it now can."""
    everybody = list(heard.unread.keys() | heard.understood)
    before = said.patients_said(db, source, everybody)
    kept: dict[str, SaidPatient] = {}
    verdicts: dict[str, str | None] = {}
    for who in everybody:
        old = before.get(who, SaidPatient())
        unheard = "+".join(sorted(heard.unread[who])) if who in heard.unread else None
        if unheard is not None and unheard != old.unheard:
            verdicts[who] = reasons.get(who, "a consent of theirs can't be understood")
        elif unheard is None and (old.unheard is not None or who in heard.mended):
            verdicts[who] = None
        kept[who] = SaidPatient(consent=old.consent, unheard=unheard)
    said.keep_patients(db, source, kept)
    said.hold_patients(db, source.practice_id, verdicts, now)


def _without_future(row: ToldConsent, now: datetime) -> tuple[ConsentRecord, str | None, FutureConsent | None]:
    """Take a time in the future out of a row, for it can't be the one that is meant: its marks, and what is told."""
    record, marks = row
    try:
        if record.at is not None:
            check_time(record.at, now)
    except FutureConsent as error:
        return record._replace(at=None), f"at {record.at}", error
    return record, marks, None


def _believed(
    record: ConsentRecord,
    marks: str | None,
    before: SaidPatient,
    events: list[ConsentEvent],
    *,
    file: str,
    now: datetime,
) -> tuple[ConsentEvent | None, bool | None, bool]:
    """Decide on a row: its event, what is said without a time, and whether a yes was held back."""
    if record.given is None or (marks is not None and record.given):
        return None, None, False
    standing = standing_withdrawal(events)
    if record.at is not None:
        event = ConsentEvent(record.given, record.at, record.how, record.by, record.wording)
        late = record.given and standing is not None and record.at == standing.at
        return (None, None, True) if late and event not in events else (event, None, False)
    belief = believe_consent(before.consent, record.given, unheard=(None, None), withdrawn=standing is not None)
    if belief.event is None:
        return None, record.given, belief.held_back
    return ConsentEvent(belief.event, now, How.IMPORT, record.by or file), record.given, False
