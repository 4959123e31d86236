"""The text of a reminder: the practice's template in the patient's language, filled in."""

from collections.abc import Iterable, Mapping, Sequence

from smsreminders.domain.round.due import Due, Rules
from smsreminders.domain.text.call_sentence import call_sentence
from smsreminders.domain.text.message import (
    empty_placeholders,
    fill,
    listed,
    moment,
    placeholders,
    plain_days,
    readable,
    without_accents,
)
from smsreminders.domain.text.names import addressed
from smsreminders.errors import ConfigError


def reminder_text(due: Due, rules: Rules) -> str:
    """Write the text for a patient in their language. Raises ConfigError if the template wants a missing phone."""
    return _written(*_template(due, rules), rules)


def text_for_several(dues: Sequence[Due], rules: Rules) -> str:
    """Write one text for appointments of a local day, in the order of their starts.

    It is in the patient's language; that of several patients names nobody, in the language that they share, else the
    practice's. Raises ConfigError as `reminder_text` does, and where there is no text for several patients.
    """
    if len({due.patient_id for due in dues}) > 1:
        return _written(*_of_a_family(dues, rules), rules)
    template, values = _template(dues[0], rules)
    language = _language(dues[0], rules)
    times = listed(_distinct(_moment(due, rules, language)["time"] for due in dues), language)
    values |= {
        "count": str(len(dues)),
        "times": times,
        "location": listed(_distinct(due.location for due in dues if due.location), language),
    }
    if language in rules.wording.several:
        return _written(rules.wording.several[language], values, rules)
    return _written(template, values | {"time": times}, rules)


def holes(due: Due, rules: Rules) -> list[str]:
    """The placeholders of a patient's text for which this appointment has nothing: `location`, where none was told."""
    return empty_placeholders(*_template(due, rules))


def _written(template: str, values: Mapping[str, str], rules: Rules) -> str:
    if not rules.practice.phone and "phone" in placeholders(template):
        raise ConfigError(
            f"the text has {{phone}}, but practice {rules.practice.code} has none: "
            f"run `smsreminders practice edit {rules.practice.code} --phone NUMBER`"
        )
    plain = readable(fill(template, plain_days(template, values)))
    return without_accents(plain) if rules.wording.plain_letters else plain


def _template(due: Due, rules: Rules) -> tuple[str, dict[str, str]]:
    """Find the template in the patient's language, and the values that go into it."""
    language = _language(due, rules)
    return rules.wording.templates[language], {
        "patient": addressed(due.patient_name, language),
        "practice": rules.practice.name,
        "phone": rules.practice.phone,
        "call": call_sentence(language, rules.practice.phone),
        "location": due.location,
        **_moment(due, rules, language),
    }


def _of_a_family(dues: Sequence[Due], rules: Rules) -> tuple[str, dict[str, str]]:
    """Find the template for several patients with one number, and the values that go into it."""
    shared = {_language(due, rules) for due in dues}
    wishes = (*(shared if len(shared) == 1 else ()), rules.practice.language, rules.wording.language)
    language = next((wish for wish in wishes if wish in rules.wording.family), None)
    if language is None:
        raise ConfigError(
            f"there is no text for several patients with one phone in the language of practice {rules.practice.code}: "
            f"add {rules.wording.language}_family to the texts, or don't combine by phone"
        )
    return rules.wording.family[language], {
        "practice": rules.practice.name,
        "phone": rules.practice.phone,
        "call": call_sentence(language, rules.practice.phone),
        "count": str(len(dues)),
        **_moment(dues[0], rules, language),
    }


def _language(due: Due, rules: Rules) -> str:
    return rules.wording.language_for((due.language, rules.practice.language))


def _moment(due: Due, rules: Rules, language: str) -> dict[str, str]:
    return moment(due.starts_at.astimezone(rules.zone), language)


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
