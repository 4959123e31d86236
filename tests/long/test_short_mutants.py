"""Mutants in their short form: which there are of a text, and that one in eight of a small file's is killed."""

import sys
from pathlib import Path
from subprocess import run

import pytest

from tests.long.mutating import mutants_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("a < b", ["a <= b", "a != b", "a >= b"]),
        ("a <= b", ["a < b", "a == b", "a > b"]),
        ("a == b", ["a != b"]),
        ("a is not b", ["a is b"]),
        ("a in b", ["a not in b"]),
        ("a and b", ["a or b"]),
        ("not a", ["a"]),
        ("a + b", ["a - b"]),
        ("a += b", ["a -= b"]),
        ("f(35)", ["f(36)", "f(34)"]),
        ("f(True)", ["f(False)"]),
        ("a = 'sent'", ["a = 'ent'"]),
        ("a = ''", ["a = 'XX'"]),
        ("x if a else y", ["x if True else y", "x if False else y"]),
        ("def f(a):\n    return a", ["def f(a):\n    return None"]),
        ("def f(a):\n    raise a", ["def f(a):\n    pass"]),
    ],
)
def test_a_text_has_these_mutants(line: str, becomes: list[str]) -> None:
    assert [mutant.source for mutant in mutants_of(line)] == becomes


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring."""',
        "a: Literal['x']",
        "@cache(5)\ndef f():\n    pass",
        "from a import b",
        "def f() -> 'x':\n    return",
    ],
)
def test_what_is_no_rule_has_no_mutants(source: str) -> None:
    assert list(mutants_of(source)) == []


def test_a_mutant_is_named_by_its_place_and_its_change() -> None:
    source = "class A:\n    def f(self, a, b):\n        g(a < b, a < b)"
    names = [mutant.name for mutant in mutants_of(source)]
    assert names[::3] == ["A.f: a < b -> a <= b", "A.f: a < b -> a <= b #2"]


@pytest.mark.parametrize(("module", "every"), [("consent", "8"), ("window", "8")])
def test_the_mutants_of_a_small_file_are_killed_by_its_tests(module: str, every: str) -> None:
    command = [sys.executable, "-m", "tests.long.mutants", module, "--every", every]
    done = run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "100.0% killed" in done.stdout
