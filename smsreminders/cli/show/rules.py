"""The rules that hold for a practice, as they are shown: each with where it comes from."""

from smsreminders.domain.round.practice_rules import Origin, PracticeRules, Rule

_SEVERAL = ("remind", "sending_hours", "except_types", "except_practitioners")


def rules_row(rules: PracticeRules) -> dict[str, object]:
    """Show the rules for a program: each setting and text with its value and its origin."""
    settings = {rule.setting: _with_origin(rule) for rule in rules.listed()}
    return {"rules": settings | {"messages": {text.setting: _with_origin(text) for text in rules.texts()}}}


def rules_page(rules: PracticeRules) -> dict[str, object]:
    """Show the rules for a person, a line each: what is left out and the account only where there are some.

    Of the texts that come with the program the languages are named, but for that of the configuration.
    """
    page: dict[str, object] = {
        rule.setting: f"{', '.join(rule.values)} ({rule.origin})" for rule in rules.listed() if rule.values
    }
    shown = [
        text
        for text in rules.texts()
        if text.origin is not Origin.BUILT_IN or _language(text) == rules.wording.language
    ]
    page |= {f"text {text.setting}": f"{text.values[0]} ({text.origin})" for text in shown}
    named = dict.fromkeys(_language(text) for text in rules.texts() if text not in shown)
    return page | ({"texts": f"{', '.join(named)} ({Origin.BUILT_IN})"} if named else {})


def _language(text: Rule) -> str:
    return text.setting.partition("_")[0]


def _with_origin(rule: Rule) -> dict[str, object]:
    value: object = list(rule.values) if rule.setting in _SEVERAL else "".join(rule.values)
    return {"value": value, "from": rule.origin}
