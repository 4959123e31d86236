"""The check-up of the practices: what each needs so that its patients are reminded, and how its last round went."""

from collections import Counter
from datetime import datetime, timedelta

from smsreminders.domain.clock import Clock
from smsreminders.domain.consent import Consent
from smsreminders.domain.practices import REMINDERS_BY_SMS, Practice
from smsreminders.domain.round.reminder_text import holes
from smsreminders.domain.round.window import Schedule
from smsreminders.domain.text.judged import Matter
from smsreminders.domain.text.message import placeholders
from smsreminders.errors import AdministratorNeeded, ConfigError
from smsreminders.jobs.agenda.held import refused_files, unclear_appointments
from smsreminders.jobs.keep.doctor.findings import Check, Verdict, wrong
from smsreminders.jobs.keep.doctor.texts import judged_texts, languages
from smsreminders.jobs.keep.services import coming, service_trouble
from smsreminders.jobs.round.plan import holidays_of, rules_for
from smsreminders.jobs.round.practice_guard import check_agenda
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.agenda.imports import last_import
from smsreminders.store.database import Database
from smsreminders.store.patients import all_patients
from smsreminders.store.practices import all_practices
from smsreminders.store.round.due import next_due
from smsreminders.store.round.rounds import last_round
from smsreminders.store.services import services_of


def check_practices(db: Database, terms: Terms, *, clock: Clock) -> list[Check]:
    """What each practice needs so that its patients are reminded, and how its last round and import went."""
    practices = all_practices(db)
    if not practices:
        return [Check("practices", Verdict.WARNING, "there is none", "run `smsreminders practice add`")]
    checks = []
    for practice in practices:
        own = terms.of(practice.code)
        checks += [
            _check_service(db, practice, clock.now()),
            _check_patients(db, practice),
            _check_text(db, practice, own, clock=clock),
            *judged_texts(db, practice, own, clock=clock),
            *languages(db, practice, own),
            _check_agenda(db, practice, own.schedule, clock.now()),
            _check_round(db, practice, own, clock=clock),
        ]
    return checks


def _check_service(db: Database, practice: Practice, now: datetime) -> Check:
    trouble = service_trouble(db, practice, now)
    if trouble is None:
        serving = [s.name for s in services_of(db, practice.id) if s.enabled and REMINDERS_BY_SMS in s.assigned]
        return Check("service", Verdict.OK, f"{practice.code}: {serving[0]}")
    verdict = Verdict.WRONG if coming(db, practice, now) else Verdict.WARNING
    return Check("service", verdict, trouble.found, trouble.advice)


def _check_patients(db: Database, practice: Practice) -> Check:
    patients = list(all_patients(db, practice.id))
    willing = sum(patient.consent is Consent.GIVEN for patient in patients)
    summary = f"{practice.code}: {willing} of {len(patients)} patients gave consent"
    if willing:
        return Check("consent", Verdict.OK, summary)
    return Check("consent", Verdict.WARNING, summary, "import patients with a consent column, or `consent give`")


def _check_text(db: Database, practice: Practice, terms: Terms, *, clock: Clock) -> Check:
    wording = terms.wording
    language = wording.language_for([practice.language])
    if practice.phone or not any("phone" in placeholders(text) for text in wording.every_template):
        empty, coming = _holes(db, practice, terms, clock.now())
        if not empty or Matter.EMPTY in wording.accept:
            return Check("text", Verdict.OK, f"{practice.code}: {language}, from {practice.sender_id}")
        [(name, count)] = empty.most_common(1)
        return Check(
            "text",
            Verdict.WARNING,
            f"{practice.code}: {{{name}}} is empty in {count} of {coming} texts to come",
            f"take {{{name}}} out of the text, or import it (--map {name}=COLUMN); `smsreminders preview` shows them",
        )
    return Check(
        "text",
        Verdict.WRONG,
        f"{practice.code} has no phone, but the text has {{phone}}: nothing goes out",
        f"run `smsreminders practice edit {practice.code} --phone NUMBER`",
    )


def _holes(db: Database, practice: Practice, terms: Terms, now: datetime) -> tuple[Counter[str], int]:
    """The placeholders that leave a hole, with the number of texts, and of how many: each patient's next one."""
    try:
        rules = rules_for(db, practice, terms=terms, holidays=holidays_of(terms.schedule), now=now)
    except ConfigError:
        return Counter(), 0  # the check of the round tells it
    coming = [due for due in next_due(db, practice.id, now) if not rules.exclusions.exclude(due.type, due.practitioner)]
    return Counter(name for due in coming for name in holes(due, rules)), len(coming)


def _check_agenda(db: Database, practice: Practice, schedule: Schedule, now: datetime) -> Check:
    try:
        warning = check_agenda(db, practice, schedule=schedule, now=now)
    except AdministratorNeeded as error:
        return wrong("agenda", error)
    if warning:
        return Check("agenda", Verdict.WARNING, warning)
    if refused := refused_files(db, practice):
        return Check("agenda", Verdict.WARNING, "; ".join(refused), "mend the export, and import its next file")
    if unclear := unclear_appointments(db, [practice], now):
        return Check("agenda", Verdict.WARNING, unclear[0], "see `smsreminders dispatch --dry-run`")
    imported = last_import(db, practice.id, "appointments")
    if imported is None:
        return Check("agenda", Verdict.OK, f"{practice.code}: no file was imported yet")
    local = imported.astimezone(schedule.zone)
    return Check("agenda", Verdict.OK, f"{practice.code}: brought something new {local:%Y-%m-%d %H:%M}")


def _check_round(db: Database, practice: Practice, terms: Terms, *, clock: Clock) -> Check:
    try:
        rules = rules_for(db, practice, terms=terms, holidays=holidays_of(terms.schedule), now=clock.now())
    except ConfigError as error:
        return Check("round", Verdict.WRONG, f"{practice.code}: {error}", "see `smsreminders practice days`")
    last = last_round(db, practice.id)
    if last is None:
        return Check(
            "round",
            Verdict.WARNING,
            f"{practice.code}: none yet",
            "put the lines of `smsreminders schedule` into the crontab",
        )
    summary = f"{practice.code}: last round on {last.today}" + (", held back" if last.held_back else "")
    if last.today >= rules.window.today - timedelta(days=1) and last.completed_at:
        return Check("round", Verdict.OK, summary)
    return Check("round", Verdict.WARNING, summary + ", not completed since", "run `smsreminders dispatch --if-missed`")
