"""The check-up of the rules that practices have: which hold and where from, and whether what is left out exists."""

from collections.abc import Sequence

from smsreminders.domain.clock import Clock
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.practice_rules import Origin, PracticeRules
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.store.database import Database
from smsreminders.store.round.appointment_words import words_from, words_of


def check_unknown(unknown: Sequence[str]) -> list[Check]:
    """Make a check of each table [practices.CODE] of which there is no such practice: `dispatch` refuses it."""
    return [Check("rules", Verdict.WRONG, found, "nothing goes out until the code is right") for found in unknown]


def check_rules(db: Database, practice: Practice, rules: PracticeRules, *, clock: Clock) -> list[Check]:
    """Tell which rules hold for a practice and where they come from, and of what is left out and isn't there."""
    return [
        Check("rules", Verdict.OK, f"{practice.code}: " + "; ".join(_by_origin(rules))),
        *_unused(db, practice, rules),
        *_unfilled(db, practice, rules, clock=clock),
    ]


def _by_origin(rules: PracticeRules) -> list[str]:
    """Write the rules together that have one origin, the practice's own first."""
    said = [(rule.origin, f"{rule.setting} {' '.join(rule.values)}") for rule in rules.listed() if rule.values]
    said += [(text.origin, f"text {text.setting}") for text in rules.texts()]
    return [
        f"{origin}: " + ", ".join(words for of, words in said if of is origin)
        for origin in Origin
        if any(of is origin for of, _ in said)
    ]


def _unused(db: Database, practice: Practice, rules: PracticeRules) -> list[Check]:
    """Warn of words that are left out and that no appointment has: a slip of the pen leaves out nobody."""
    if not (rules.exclusions.types or rules.exclusions.practitioners):
        return []
    found = words_of(db, practice.id)
    unused = rules.exclusions.of_nobody(found.types, found.practitioners)
    if not unused:
        return []
    named = ", ".join(f'"{word}"' for word in unused)
    return [
        Check(
            "excluded",
            Verdict.WARNING,
            f"{practice.code}: no appointment has {named}, so nothing is left out by it",
            "write it as `smsreminders appointment list --wide` shows it, or import the column (docs/practices.md)",
        )
    ]


def _unfilled(db: Database, practice: Practice, rules: PracticeRules, *, clock: Clock) -> list[Check]:
    """Warn of appointments to come without a type or a practitioner, where the practice leaves out by it."""
    checks = []
    left_out = {"type": rules.exclusions.types, "practitioner": rules.exclusions.practitioners}
    to_come = words_from(db, practice.id, clock.now())
    for field, empty in (("type", to_come.without_type), ("practitioner", to_come.without_practitioner)):
        if left_out[field] and empty:
            checks.append(
                Check(
                    "excluded",
                    Verdict.WARNING,
                    f"{practice.code}: {empty} of {to_come.appointments} appointments to come have no {field}, "
                    f"so except_{field}s leaves none of them out",
                    f"look whether the export fills its column (--map {field}=COLUMN)",
                )
            )
    return checks
