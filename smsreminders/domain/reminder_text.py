"""The text of a reminder: the practice's template in the patient's language, filled in."""

from smsreminders.domain.due import Due, Rules
from smsreminders.domain.message import empty_placeholders, fill, moment, placeholders, readable, without_accents
from smsreminders.domain.names import addressed
from smsreminders.errors import ConfigError


def reminder_text(due: Due, rules: Rules) -> str:
    """Write the text for a patient in their language. Raises ConfigError if the template wants a missing phone."""
    template, values = _template(due, rules)
    plain = readable(fill(template, values))
    return without_accents(plain) if rules.wording.plain_letters else plain


def holes(due: Due, rules: Rules) -> list[str]:
    """The placeholders of a patient's text for which this appointment has nothing: `location`, where none was told."""
    return empty_placeholders(*_template(due, rules))


def _template(due: Due, rules: Rules) -> tuple[str, dict[str, str]]:
    """Find the template in the patient's language, and the values that go into it."""
    practice = rules.practice
    language = rules.wording.language_for((due.language, practice.language))
    template = rules.wording.templates[language]
    if not practice.phone and "phone" in placeholders(template):
        raise ConfigError(
            f"the text has {{phone}}, but practice {practice.code} has none: "
            f"run `smsreminders practice edit {practice.code} --phone NUMBER`"
        )
    return template, {
        "patient": addressed(due.patient_name, language),
        "practice": practice.name,
        "phone": practice.phone,
        "location": due.location,
        **moment(due.starts_at.astimezone(rules.zone), language),
    }
