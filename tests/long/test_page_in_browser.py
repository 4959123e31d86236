"""The page in a real browser: sorted and searched, on every width, in the dark and on paper, and axe finds nothing."""

import json
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cli.conftest import home_of_linde, home_with_agenda
from tests.cli.running import Program
from tests.long.browser import CHROMIUM, WHY_NOT, answers, printed

__all__ = ["home_of_linde", "home_with_agenda"]  # fixtures
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=WHY_NOT)

EVIL = "</script><script>document.title=1</script>"
WIDTHS = (360, 800, 1600)


@pytest.fixture(scope="module")
def folder(home_with_agenda: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of a round with a name that would run, in a folder of its own."""
    home = tmp_path_factory.mktemp("page")
    shutil.copytree(home_with_agenda, home, dirs_exist_ok=True)
    program = Program(home)
    program.does(f"patient edit 1002 --name '{EVIL}'")
    program.does("dispatch")
    later = program.at("2026-11-24T12:00:00+01:00")
    later.does("poll")
    shown = home / "shown"
    shown.mkdir()
    later.does(f"page --output {shown / 'page.html'}")
    return shown


def test_it_is_sorted_searched_and_no_name_runs(folder: Path) -> None:
    shown = answers(
        folder,
        "page.html",
        """
        const rows = () => [...page.querySelectorAll('#overview tbody tr')].filter((row) => !row.hidden);
        const column = () => rows().map((row) => row.cells[2].textContent);
        const head = page.querySelectorAll('#overview th')[2], button = head.querySelector('button');
        const before = column();
        button.click(); const up = [column(), head.getAttribute('aria-sort')];
        button.click(); const down = [column(), head.getAttribute('aria-sort')];
        const search = page.getElementById('search');
        search.value = 'mislukt'; search.dispatchEvent(new frame.Event('input'));
        const found = [column(), page.getElementById('found').textContent];
        return JSON.stringify({before, up, down, found, title: page.title});
        """,
    )
    assert json.loads(shown) == {
        "before": ["A3", "A2", "A1"],
        "up": [["A1", "A2", "A3"], "ascending"],
        "down": [["A3", "A2", "A1"], "descending"],
        "found": [["A2"], "regels: 1"],
        "title": "Notificaties - Tandarts Linde",
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_of_it_is_wider_than_the_window(folder: Path, width: int) -> None:
    script = "return String(page.documentElement.scrollWidth - frame.innerWidth);"
    assert int(answers(folder, "page.html", script, width=width)) <= 0


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.skipif(find_spec("axe_core_python") is None, reason="no axe here (pip install axe-core-python)")
def test_axe_finds_nothing_in_the_light_and_in_the_dark(folder: Path, *, dark: bool) -> None:
    spec = find_spec("axe_core_python")
    assert spec is not None
    assert spec.origin is not None
    shutil.copy(Path(spec.origin).with_name("axe.min.js"), folder)
    text = (folder / "page.html").read_text(encoding="utf-8")
    free = text.replace("Content-Security-Policy", "x-policy").replace(
        "</head>", '<script src="axe.min.js"></script></head>'
    )
    (folder / "free.html").write_text(free, encoding="utf-8")
    rules = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
    script = (
        f"const found = await frame.axe.run(page, {rules});"
        "return JSON.stringify(found.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]));"
    )
    assert json.loads(answers(folder, "free.html", script, dark=dark)) == []


COLOURS = (
    "const colours = frame.getComputedStyle(page.body);"
    "return JSON.stringify([colours.color, colours.backgroundColor, page.documentElement.scrollWidth]);"
)
BLACK, WHITE = "rgb(0, 0, 0)", "rgb(255, 255, 255)"


@pytest.mark.parametrize(
    ("dark", "colours"),
    [(False, ["rgb(27, 27, 27)", WHITE]), (True, ["rgb(236, 236, 236)", "rgb(22, 22, 22)"])],
)
def test_it_is_light_or_dark_as_who_looks_prefers(folder: Path, *, dark: bool, colours: list[str]) -> None:
    assert json.loads(answers(folder, "page.html", COLOURS, dark=dark))[:2] == colours


def test_on_paper_it_is_black_on_white_also_in_the_dark_and_no_wider_than_a4(folder: Path) -> None:
    text = (folder / "page.html").read_text(encoding="utf-8")
    as_printed = text.replace("Content-Security-Policy", "x-policy").replace("@media print", "@media all")
    (folder / "printed.html").write_text(as_printed, encoding="utf-8")
    between_margins = 680  # CSS pixels: 21 cm without 1.5 cm on each side, 96 an inch
    ink, paper, width = json.loads(answers(folder, "printed.html", COLOURS, width=between_margins, dark=True))
    assert (ink, paper, width <= between_margins) == (BLACK, WHITE, True)


def test_it_prints_on_a4(folder: Path) -> None:
    boxes = re.findall(rb"/MediaBox ?\[([0-9. ]+)\]", printed(folder, "page.html"))
    assert {tuple(round(float(side)) for side in box.split()) for box in boxes} == {(0, 0, 595, 842)}
