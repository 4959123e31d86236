"""docs/design.md: its table of statuses is the one of the code, and every file and folder that it names is there."""

import re
from pathlib import Path

from smsreminders.domain.round.notifications import MAY_FOLLOW

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs" / "design.md").read_text(encoding="utf-8")
IN_BRACKETS = re.compile(r" \([^)]*\)")


def moves_of_the_page() -> dict[str, set[str]]:
    """What each status may become, by the table under the heading "Statuses"."""
    section = PAGE.partition("\n## Statuses\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\w+) \| .* \| (.*) \|$", section, re.MULTILINE)
    return {status: set(IN_BRACKETS.sub("", moves).split(", ")) for status, moves in rows if status != "status"}


def wings_of_the_page() -> list[str]:
    return sorted(re.findall(r"^- `jobs/(\w+)/`:", PAGE, re.MULTILINE))


def test_the_table_of_statuses_is_that_of_the_code() -> None:
    assert moves_of_the_page() == {status.value: {move.value for move in MAY_FOLLOW[status]} for status in MAY_FOLLOW}


def test_every_file_and_folder_that_is_named_is_there() -> None:
    paths = re.findall(r"`([\w./]+(?:\.py|\.toml|/))`", PAGE) + [
        f"docs/{link}" for link in re.findall(r"\]\(([\w.]+)\)", PAGE)
    ]
    missing = [path for path in paths if not ((TOP / path).exists() or (TOP / "smsreminders" / path).exists())]
    assert (missing, len(paths) > 20) == ([], True)


def test_the_wings_are_the_folders_of_the_jobs() -> None:
    folders = (TOP / "smsreminders" / "jobs").iterdir()
    assert wings_of_the_page() == sorted(path.name for path in folders if (path / "__init__.py").is_file())
