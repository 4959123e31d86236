"""Each skip reason and each status has a sentence, and a person can do what it says."""

import re
import shlex

import pytest
from typer.testing import CliRunner

from smsreminders.cli.app import app
from smsreminders.cli.context import Invocation
from smsreminders.cli.show.reasons import REHEARSAL, SKIPS, STATUSES, WITHDRAWN, Meaning
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason

ABOUT = {
    "practice": "linde",
    "patient": "'10 01'",
    "appointment": "A1",
    "id": 17,
    "countries": "",
    "unclear": "",
    "missing": "",
    "covered_by": "",
    "stopped": "",
    "unfit": "",
    "dead": "",
}


def sentences() -> list[str]:
    return [meaning.sentence(ABOUT) for meaning in [*WITHDRAWN.values(), *STATUSES.values(), REHEARSAL]]


def test_every_reason_of_the_contract_has_a_sentence() -> None:
    contract = (
        "no-service no-consent consent-withdrawn no-number invalid-number not-mobile cancelled already-reminded "
        "too-late limit-reached unclear missing stopped perhaps-stopped dead-number excluded confirmed covered "
        "unfit-text"
    )
    assert sorted(SKIPS) == sorted(contract.split())
    assert {reason.value for reason in SkipReason} - set(SKIPS) == set()


def test_every_status_has_a_sentence() -> None:
    assert list(STATUSES) == list(Status)


def test_a_sentence_says_what_it_means_and_then_what_to_do() -> None:
    assert Meaning("the {patient} is out", "call {id}").sentence({"patient": "P1", "id": 7}) == (
        "The P1 is out. What to do: call 7."
    )
    assert Meaning("all is well").sentence({}) == "All is well."


@pytest.mark.parametrize("sentence", sentences())
def test_a_sentence_is_one_for_a_person(sentence: str) -> None:
    assert re.fullmatch(r"[A-Z][^{}\n]+\.", sentence)


@pytest.mark.parametrize("command", sorted({c for s in sentences() for c in re.findall(r"`smsreminders ([^`]+)`", s)}))
def test_a_command_that_is_named_is_one_of_ours(command: str) -> None:
    words = shlex.split(command)
    ended = CliRunner().invoke(app, [*words, "--help"], obj=Invocation(lambda _: 0))
    assert (ended.exit_code, ended.output.startswith("Usage:")) == (0, True)
