"""The check-up of what a practice's texts say: what keeps them from going out, and what it should look at twice."""

from collections.abc import Iterator

from smsreminders.domain.clock import Clock
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.judged_wording import judge_wording
from smsreminders.errors import ConfigError
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.jobs.keep.languages import without_text
from smsreminders.jobs.round.plan import holidays_of, rules_for
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import Database
from smsreminders.store.patients import patients_by_language


def languages(db: Database, practice: Practice, terms: Terms) -> Iterator[Check]:
    """Tell of the languages of a practice's patients that have no text."""
    for trouble in without_text(db, practice, terms.wording):
        yield Check("languages", Verdict.WARNING, trouble, "write one under [messages.appointment-reminder]")


def judged_texts(db: Database, practice: Practice, terms: Terms, *, clock: Clock) -> Iterator[Check]:
    """Tell what is the matter with the texts, the name and the sender ID of a practice; nothing where all is well."""
    try:
        rules = rules_for(db, practice, terms=terms, holidays=holidays_of(terms.schedule), now=clock.now())
        judged = judge_wording(rules, patients_by_language(db, practice.id))
    except ConfigError:
        return  # the checks of the text and of the round tell it
    for each in judged:
        verdict = Verdict.WRONG if each.is_refused else Verdict.WARNING
        yield Check("words", verdict, f"{practice.code}: {each}", each.advice)
