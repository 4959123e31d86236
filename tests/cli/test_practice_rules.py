"""The rules that a practice has of its own, as its people meet them: shown, refused, and kept to."""

import pytest

from tests.cli.running import Program

OWN = """
[gateway]
per_second = 10000
[schedule]
combine = "none"
[practices.linde]
remind = ["3wd", "1wd"]
daily_limit = 2
except_types = ["Psychologie"]
[practices.linde.messages]
nl = "Tot {day} om {time}."
"""
SLIP = '[practices.lined]\ndaily_limit = 2\n[practices.linde]\nexcept_types = ["X"]\n'
UNKNOWN = 'practices.lined: there is no practice lined; did you mean "linde"?'


def test_a_practice_is_shown_with_its_rules_and_where_they_come_from(linde: Program) -> None:
    linde.configure(OWN)
    lines = linde("practice show linde").lines
    rules = {line.split("  ")[0]: " ".join(line.split("  ")[1:]).strip() for line in lines}
    assert rules["remind"] == "3wd, 1wd (its own)"
    assert rules["combine"] == "none (general)"
    assert rules["sending hours"] == "08:00, 20:00 (built in)"
    assert rules["daily limit"] == "2 (its own)"
    assert rules["except types"] == "Psychologie (its own)"
    assert rules["text nl"] == "Tot {day} om {time}. (its own)"
    assert rules["texts"] == "ar, de, en, es, fr, pl, tr, uk (built in)"
    assert {"except practitioners", "gateway"} & rules.keys() == set()


def test_a_program_gets_each_rule_with_its_origin(linde: Program) -> None:
    linde.configure(OWN)
    rules = linde("practice show linde --json").json["rules"]
    texts = rules.pop("messages")
    assert rules == {
        "remind": {"value": ["3wd", "1wd"], "from": "its own"},
        "combine": {"value": "none", "from": "general"},
        "sending_hours": {"value": ["08:00", "20:00"], "from": "built in"},
        "minimum_notice": {"value": "2h", "from": "built in"},
        "daily_limit": {"value": "2", "from": "its own"},
        "except_types": {"value": ["Psychologie"], "from": "its own"},
        "except_practitioners": {"value": [], "from": "built in"},
        "gateway": {"value": "", "from": "general"},
    }
    assert texts["nl"] == {"value": "Tot {day} om {time}.", "from": "its own"}
    assert {key.partition("_")[0] for key in texts} == {"ar", "de", "en", "es", "fr", "nl", "pl", "tr", "uk"}


@pytest.mark.parametrize(
    "command", ["dispatch", "dispatch --dry-run", "preview", "notifications explain A1", "reconcile"]
)
def test_rules_for_a_practice_that_there_is_not_are_refused(agenda: Program, command: str) -> None:
    agenda.configure(SLIP)
    ended = agenda(command)
    assert (ended.code, ended.out, ended.said) == (78, "", [f"smsreminders: {agenda.config}: {UNKNOWN}"])


def test_rules_for_a_practice_that_there_is_not_are_told(agenda: Program) -> None:
    agenda.configure(SLIP)
    looked = agenda("check")
    assert (looked.code, looked.lines[0]) == (3, f"{agenda.config}: {UNKNOWN}")
    doctor = agenda("doctor")
    assert (doctor.code, f"wrong    rules: {agenda.config}: {UNKNOWN}" in doctor.lines) == (78, True)
    shown = agenda("practice show linde")
    assert (shown.code, shown.said) == (0, [f"smsreminders: {agenda.config}: {UNKNOWN}"])


def test_a_practice_that_was_renamed_is_named_as_it_is_now(agenda: Program) -> None:
    agenda.configure("[practices.linde]\ndaily_limit = 2\n")
    renamed = agenda("practice rename linde de-linde")
    assert renamed.said[-1].endswith("Change it in your crontab too, and [practices.linde] in your configuration.")
    assert agenda("dispatch").said[-1].endswith('there is no practice linde; it was renamed: write "de-linde"')


def test_doctor_tells_the_rules_and_what_leaves_out_nobody(agenda: Program) -> None:
    agenda.configure(OWN)
    lines = agenda("doctor").lines
    [rules] = [line for line in lines if " rules: " in line]
    assert rules.startswith("ok       rules: linde: its own: remind 3wd 1wd, daily_limit 2, except_types Psychologie, ")
    assert 'warning  excluded: linde: no appointment has "Psychologie", so nothing is left out by it' in lines


def test_a_preview_has_the_practice_own_text(agenda: Program) -> None:
    agenda.configure(OWN)
    [shown] = agenda("preview --patient 1001 --json").json["texts"]
    assert shown["text"] == "Tot dinsdag om 10:00."


def test_more_than_the_practice_own_limit_is_held_back_and_says_where_it_stands(agenda: Program) -> None:
    agenda.configure(OWN)
    [held, *_] = agenda("dispatch").said
    assert "linde is held back: more than 2 texts in a day (practices.linde.daily_limit); " in held


def test_a_type_is_imported_shown_and_left_out(agenda: Program) -> None:
    agenda.configure('[gateway]\nper_second = 10000\n[practices.linde]\nexcept_types = ["PSYCHOLOGIE"]\n')
    rows = (agenda.home / "agenda.csv").read_text(encoding="utf-8").splitlines()
    kinds = {"A1": "Psychologie", "A2": "Controle"}
    typed = [f"{rows[0]},Soort", *(f"{row},{kinds.get(row.split(',')[0], '')}" for row in rows[1:])]
    (agenda.home / "agenda.csv").write_text("\n".join(typed), encoding="utf-8")
    agenda.does("import agenda.csv --kind appointments --map type=Soort")
    assert agenda("appointment show A1 --json").json["type"] == "Psychologie"
    assert agenda("dispatch --json").json["skipped"]["excluded"] == 1
    explanation = agenda("notifications explain A1")
    assert "excluded" in explanation.out
    assert "change except_types or except_practitioners in [practices.linde]" in " ".join(explanation.lines)
    assert agenda("notifications list --patient 1001 --json").json == []
