"""The check-up of answers and numbers: whether patients can answer a practice, and which phones may not be reached."""

from collections.abc import Sequence

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.answering import asks_for_answer, can_be_answered
from smsreminders.errors import ConfigError
from smsreminders.gateways.accounts import Accounts
from smsreminders.gateways.features import Features
from smsreminders.jobs.desk.stopped import numbers_failed
from smsreminders.jobs.keep.doctor.findings import Check, Verdict, wrong
from smsreminders.jobs.round.practice_guard import check_answers
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import Database
from smsreminders.store.round.stopped import lifted_of_gateways

_ABOUT = "answers"


def check_hearing(practices: Sequence[Practice], accounts: Accounts, terms: Terms) -> list[Check]:
    """Say of each practice whether its patients can answer; an account that is wrong is told by its own check."""
    checks = []
    for practice in practices:
        try:
            features = accounts.of(practice).features
        except ConfigError:
            continue
        checks.append(_check(practice, features, terms.of(practice.code)))
    return checks


def check_lifted(db: Database, practices: Sequence[Practice]) -> list[Check]:
    """Warn of numbers that a gateway had stopped and the desk lifted: the gateway may still refuse them."""
    lifted = {practice.code: lifted_of_gateways(db, practice.id) for practice in practices}
    return [
        Check(
            _ABOUT,
            Verdict.WARNING,
            f"{code}: numbers that the desk lifted and the gateway may still refuse: {count}",
            "ask their holders to text START, or the gateway to take them off its list",
        )
        for code, count in lifted.items()
        if count
    ]


def check_failed(db: Database, practices: Sequence[Practice]) -> list[Check]:
    """Warn of patients whose number doesn't work, by the gateway: nobody is told so at a round."""
    failed = {practice.code: sum(1 for _ in numbers_failed(db, practice)) for practice in practices}
    return [
        Check(
            "numbers",
            Verdict.WARNING,
            f"{code}: patients whose number doesn't work: {count}",
            f"ask for another: `smsreminders patient list --failed-numbers --practice {code}` shows who",
        )
        for code, count in failed.items()
        if count
    ]


def _check(practice: Practice, features: Features, terms: Terms) -> Check:
    try:
        check_answers(practice, terms.wording, features)
    except ConfigError as error:
        return wrong(_ABOUT, error)
    sender = f"{practice.code}, from {practice.sender_id}"
    if features.sender_ids is not None and not can_be_answered(practice.sender_id):
        return Check(
            _ABOUT, Verdict.OK, f"{sender}: a name can't be answered, so the text may promise no STOP and no JA"
        )
    if features.hears:
        return Check(_ABOUT, Verdict.OK, f"{sender}: patients can answer, so the text may promise that STOP is heard")
    found = f"{sender}: nobody hears what patients answer by {features.title}"
    if any(map(asks_for_answer, terms.wording.every_template)):
        return Check(_ABOUT, Verdict.WARNING, f"{found}, but the text asks for it", "take it out of the text")
    return Check(_ABOUT, Verdict.OK, f"{found}, so the text may promise no STOP and no JA")
