"""What `.ci/lock` makes of pip-audit's answers: a known weakness fails it, no answer is told as none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "audited"
SOUND = {"name": "rich", "version": "15.0.0", "vulns": []}
WEAK = {"name": "requests", "version": "2.1", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.2"]}]}
NOT_FOUND = {"name": "requests", "skip_reason": "Dependency not found on PyPI"}


def answer(*packages: object) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize(
    ("answers", "code", "told"),
    [
        ([answer(SOUND)], 0, "1 packages audited, 0 known weaknesses"),
        ([answer(SOUND, WEAK)], 1, "weak: requests 2.1 PYSEC-2026-1\n2 packages audited, 1 known weaknesses"),
        (
            [answer(SOUND, NOT_FOUND)],
            0,
            "NOT AUDITED: no answer about 1 of 2 packages: requests\n1 packages audited, 0 known weaknesses",
        ),
        ([answer(SOUND, NOT_FOUND), answer(SOUND, WEAK)], 1, "weak: requests 2.1 PYSEC-2026-1\n2 packages"),
        (["", ""], 0, "NOT AUDITED: pip-audit gave no answer at all\n0 packages audited"),
        ([], 0, "NOT AUDITED: pip-audit gave no answer at all\n0 packages audited"),
    ],
)
def test_a_weakness_fails_and_no_answer_is_told(tmp_path: Path, answers: list[str], code: int, told: str) -> None:
    files = [tmp_path / str(number) for number in range(len(answers))]
    for file, text in zip(files, answers, strict=True):
        file.write_text(text, encoding="utf-8")
    words = [sys.executable, str(SCRIPT), *map(str, files), str(tmp_path / "nobody")]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.startswith(told), ended.stderr) == (code, True, "")
