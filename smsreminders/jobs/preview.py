"""The text as patients get it, before anything is sent: encoding, segments, cost, and which character costs more."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial

from smsreminders.domain.bill.billing import price_on, to_cents
from smsreminders.domain.bill.yearly import Year, year_of
from smsreminders.domain.clock import Clock
from smsreminders.domain.consent import Consent
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.due import Due, Rules
from smsreminders.domain.round.judged_wording import JudgedText, judge_wording
from smsreminders.domain.round.made_up import USUAL_NAME, made_up
from smsreminders.domain.round.reminder_text import holes, reminder_text
from smsreminders.domain.segments import Segmentation, count_segments, outside_gsm7
from smsreminders.domain.text.message import without_accents
from smsreminders.errors import UsageError
from smsreminders.gateways.accounts import Accounts
from smsreminders.jobs.bill.prices import all_rates
from smsreminders.jobs.round.plan import holidays_of, rules_for
from smsreminders.jobs.round.practice_guard import check_answers
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient, all_patients, patients_among, patients_by_language
from smsreminders.store.round.due import next_due, texts_between

_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Preview:
    """The text for one patient: of the next appointment, or of a made-up one; `characters` force UCS-2.

    `empty` are the placeholders for which that appointment has nothing.
    """

    practice: str
    patient: str
    text: str
    counted: Segmentation
    cost: Decimal
    characters: list[str]
    empty: list[str]


@dataclass(frozen=True, slots=True)
class PreviewResult:
    """The texts of all patients that were asked for; `year` is what a year like the last one would cost.

    `plain` is the same year with `plain_letters`. `judged` are the matters with the texts of the configuration, each
    with the practice's code.
    """

    previews: list[Preview]
    year: Year
    plain: Year
    judged: list[tuple[str, JudgedText]]

    @property
    def saved_a_month(self) -> Decimal:
        """What plain letters would save in a month, without VAT."""
        return to_cents((self.year.cost - self.plain.cost) / 12)

    @property
    def longer(self) -> list[Preview]:
        """List the previews of more than one segment."""
        return [preview for preview in self.previews if preview.counted.segments > 1]

    @property
    def characters(self) -> Counter[str]:
        """Count the characters that force UCS-2 in texts of more than one segment, by the number of texts."""
        return Counter(character for preview in self.longer for character in preview.characters)

    @property
    def empty(self) -> Counter[str]:
        """The placeholders that leave a hole, with the number of texts."""
        return Counter(name for preview in self.previews for name in preview.empty)


def preview(
    db: Database,
    practices: Sequence[Practice],
    *,
    patient: str | None,
    accounts: Accounts,
    terms: Terms,
    clock: Clock,
) -> PreviewResult:
    """The texts for one patient, or for all patients of these practices; an example where there is no patient yet.

    Raises ConfigError where the text wants what the practice doesn't have, or asks for an answer that nobody can give,
    UsageError for an unknown patient.
    """
    now = clock.now()
    holidays, rates = holidays_of(terms.schedule), all_rates(db, terms.general_rate)
    previews, year, plain = list[Preview](), Year(), Year()
    judged: list[tuple[str, JudgedText]] = []
    for practice in practices:
        rules = rules_for(db, practice, terms=terms, holidays=holidays, now=now)
        check_answers(practice, rules.wording, accounts.of(practice).features)
        coming = {
            due.patient: due
            for due in next_due(db, practice.id, now)
            if not rules.exclusions.exclude(due.type, due.practitioner)  # no text is ever about those
        }
        rate = price_on(rules.window.today, practice.id, rates)
        shown = []
        for recipient in _patients(db, practice, patient):
            due = coming.get(recipient.source_id) or _made_up(recipient, rules)
            shown.append(_preview(due, rules, rate))
        texts = texts_between(db, practice.id, now - _YEAR, now, rules.combine)
        a_year = partial(year_of, texts, reminders=len(rules.window.ends), rate=rate)
        year += a_year(segments=[preview.counted.segments for preview in shown])
        plain += a_year(segments=[count_segments(without_accents(preview.text)).segments for preview in shown])
        judged += [(practice.code, each) for each in judge_wording(rules, patients_by_language(db, practice.id))]
        previews += shown
    if not previews:
        raise UsageError(f'there is no patient "{patient}"; `smsreminders patient list` shows them')
    return PreviewResult(previews, year, plain, judged)


def _patients(db: Database, practice: Practice, patient: str | None) -> list[Patient]:
    if patient is not None:
        return list(patients_among(db, practice.id, [patient]).values())
    return list(all_patients(db, practice.id)) or [_SOMEBODY]


_SOMEBODY = Patient(id=0, source_id="example", name=USUAL_NAME, phone="", language=None, consent=Consent.NEVER_ASKED)


def _made_up(patient: Patient, rules: Rules) -> Due:
    return made_up(
        rules,
        patient_id=patient.id,
        patient=patient.source_id,
        name=patient.name,
        phone=patient.phone,
        language=patient.language,
        consent=patient.consent,
    )


def _preview(due: Due, rules: Rules, rate: Decimal) -> Preview:
    text = reminder_text(due, rules)
    counted = count_segments(text)
    return Preview(
        practice=rules.practice.code,
        patient=due.patient,
        text=text,
        counted=counted,
        cost=counted.segments * rate,
        characters=outside_gsm7(text),
        empty=holes(due, rules) if due.appointment else [],
    )
