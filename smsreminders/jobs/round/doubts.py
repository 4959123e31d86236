"""What a person should look at before a plan goes out: the practice's texts, and appointments that look like copies."""

from smsreminders.domain.round.judged_wording import SAYS, judge_wording
from smsreminders.domain.round.unfit import judge_places
from smsreminders.jobs.round.plan import PracticePlan


def judged(planned: PracticePlan) -> list[str]:
    """Tell what to look at in a practice's texts: as the configuration has them, and as they would go out."""
    code, warnings = planned.rules.practice.code, []
    dues = [cover.due for reminder in planned.plan.reminders for cover in reminder.covers]
    if found := judge_wording(planned.rules, {due.language for due in dues}):
        matters = ", ".join(each.matter for each in found)
        warnings.append(f"{code}: look at its texts ({matters}): `smsreminders preview`")
    for place, count in judge_places(dues, planned.rules).items():
        texts = "1 text names" if count == 1 else f"{count} texts name"
        warnings.append(
            f"{code}: {texts} a place with {SAYS[place.matter]} ({place.words}): change the place, or write accept = "
            f'["{place.matter}"] in [messages] if it is meant'
        )
    return warnings


def copies(planned: PracticePlan) -> list[str]:
    """Tell which appointments look like copies of others: one text says the same for both."""
    return [
        f"{planned.rules.practice.code}: {skip.due.appointment} has the words and the phone of {skip.covered_by}: "
        "one text is for both; if one is a copy of the other, cancel it"
        for skip in planned.plan.skips
        if skip.is_copy
    ]
