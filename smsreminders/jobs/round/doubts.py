"""What a person should look at before a plan goes out: the practice's texts, and appointments that look like copies."""

from smsreminders.domain.judged_wording import judge_wording, refused_in
from smsreminders.jobs.round.plan import PracticePlan


def judged(planned: PracticePlan) -> list[str]:
    """Tell what to look at in a practice's texts: as the configuration has them, and as they would go out."""
    code, warnings = planned.rules.practice.code, []
    if found := judge_wording(planned.rules):
        matters = ", ".join(each.matter for each in found)
        warnings.append(f"{code}: look at its texts ({matters}): `smsreminders preview`")
    refused = refused_in([reminder.text for reminder in planned.plan.reminders], planned.rules)
    warnings += [
        f"{code}: {count} texts have what looks like a {matter}: mend the place or the name that it comes from"
        for matter, count in refused.items()
    ]
    return warnings


def copies(planned: PracticePlan) -> list[str]:
    """Tell which appointments look like copies of others: one text says the same for both."""
    return [
        f"{planned.rules.practice.code}: {skip.due.appointment} has the words and the phone of {skip.covered_by}: "
        "one text is for both; if one is a copy of the other, cancel it"
        for skip in planned.plan.skips
        if skip.is_copy
    ]
