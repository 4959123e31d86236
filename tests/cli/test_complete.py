"""Completion: each shell gets its script, and its questions are answered with commands, options and ids."""

import pytest

from tests.cli.running import Program


def completed(program: Program, words: str) -> list[str]:
    """What bash is offered for the last of these words."""
    place = len(words.split(" ")) - 1
    ended = program.process("", _SMSREMINDERS_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(place))
    assert (ended.code, ended.err) == (0, "")
    return [line for line in ended.lines if line]


@pytest.mark.parametrize(("shell", "begins"), [
    ("bash", "_smsreminders_completion() {"),
    ("zsh", "#compdef smsreminders"),
    ("fish", "complete --command smsreminders "),
])  # fmt: skip
def test_each_shell_gets_its_script(program: Program, shell: str, begins: str) -> None:
    out = program.does(f"completion {shell}")
    assert out.startswith(begins)
    assert f"_SMSREMINDERS_COMPLETE=complete_{shell}" in out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("smsreminders notif", ["notifications"]),
        ("smsreminders notifications ex", ["explain"]),
        ("smsreminders dispatch --dry", ["--dry-run"]),
        ("smsreminders practice show ", ["eik", "linde"]),
        ("smsreminders practice edit li", ["linde"]),
        ("smsreminders dispatch --practice e", ["eik"]),
        ("smsreminders service enable N", ["Notificaties"]),
        ("smsreminders service enable --practice eik ", ["Avond"]),
        ("smsreminders service disable X", []),
    ],
)
def test_commands_options_and_ids_are_completed(two: Program, words: str, offered: list[str]) -> None:
    two.does("service add --practice eik --name Avond")
    assert completed(two, words) == offered


def test_the_ids_are_of_the_configuration_that_is_named(linde: Program) -> None:
    linde.does("--config els.toml init --practice Els --database els.db")
    assert completed(linde, "smsreminders --config els.toml practice show ") == ["els"]
    assert completed(linde, "smsreminders practice show --config els.toml ") == ["els"]


def test_without_a_configuration_nothing_is_offered_and_nothing_is_said(program: Program) -> None:
    assert completed(program, "smsreminders practice show ") == []
