"""The house: arrows point down, each third party has one home, SQL stands in the store only."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "smsreminders"
FILES = sorted(PACKAGE.rglob("*.py"))

# floor -> the floors that it may know; `config` is known to the command line alone
FLOORS: dict[str, set[str]] = {
    "errors": set(),
    "domain": {"errors"},
    "store": {"domain", "errors"},
    "gateways": {"domain", "errors"},
    "importers": {"domain", "errors"},
    "jobs": {"store", "gateways", "importers", "domain", "errors"},
    "config": {"domain", "errors"},
    "cli": {"config", "jobs", "store", "gateways", "importers", "domain", "errors"},
    "__main__": {"cli"},
    "__init__": set(),
}
# from the top: a wing knows only those after it; "" is the floor itself
WINGS = {
    "domain": ("keep", "bill", "round", "agenda", "text", ""),
    "store": ("keep", "bill", "round", "agenda", "", "tables"),
}
# SMSD is reached through the tables of its own database, which nobody but its gateway may know
ANOTHERS_DATABASE = "gateways/gammu_tables.py"
HOMES = {
    "sqlite_utils": ("store",),
    "sqlite3": ("store", ANOTHERS_DATABASE),
    "requests": ("gateways",),
    "urllib3": ("gateways",),
    "typer": ("cli",),
    "rich": ("cli",),
    "holidays": ("domain/round/workdays.py",),
    "phonenumbers": ("domain/numbering.py",),
    "dateutil": ("domain/bill/billing.py",),
    "icalendar": ("importers/calendars",),
    "hl7": ("importers/messages/message.py",),
    "python_calamine": ("importers/workbook.py",),
    "babel": ("domain/text/message.py", "cli"),
}
CLOCK = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time|time\.sleep|time\.monotonic)\b")
CLOCKS = {"cli/clock.py", "gateways/http/bounded.py"}  # the second measures how long a socket is silent, no more
# the first line of a docstring names its subject: these words point at another place (CONTRIBUTING.md, "Docstrings")
POINTING = re.compile(r"(The same|Those|These|This|They|It|Its|So|As|Such|And|But) ")
SQL = re.compile(r'"\s*(select|insert into|update|delete from|create table|pragma)\s', re.IGNORECASE)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor_of(module: str) -> str:
    return module.split(".")[1]


def place(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", FILES, ids=place)
def test_arrows_point_down(path: Path) -> None:
    floor = place(path).split("/")[0].removesuffix(".py")
    ours = {floor_of(name) for name in imports_of(path) if name.startswith("smsreminders.")}
    assert ours - FLOORS[floor] - {floor, "__version__"} == set()


def wing_of(floor: str, parts: tuple[str, ...]) -> int:
    return WINGS[floor].index(parts[0] if parts[0] in WINGS[floor] else "")


@pytest.mark.parametrize("floor", WINGS)
def test_a_wing_knows_only_those_under_it(floor: str) -> None:
    up = [
        f"{place(path)} knows {name}"
        for path in (PACKAGE / floor).rglob("*.py")
        for name in imports_of(path)
        if name.startswith(f"smsreminders.{floor}.")
        and wing_of(floor, tuple(name.split(".")[2:])) < wing_of(floor, path.relative_to(PACKAGE / floor).parts)
    ]
    assert up == []
    assert {path.name for path in (PACKAGE / floor).iterdir() if path.is_dir()} - {"__pycache__"} == {*WINGS[floor]} - {
        ""
    }


@pytest.mark.parametrize("path", FILES, ids=place)
def test_each_third_party_has_one_home(path: Path) -> None:
    for name in imports_of(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or place(path).startswith(homes), f"{name} is at home in {homes}"


@pytest.mark.parametrize("path", FILES, ids=place)
def test_only_the_command_line_reads_the_clock(path: Path) -> None:
    read = CLOCK.findall(path.read_text(encoding="utf-8"))
    assert read == [] or place(path) in CLOCKS


@pytest.mark.parametrize("path", FILES, ids=place)
def test_sql_stands_in_the_store_only(path: Path) -> None:
    assert place(path).startswith(("store/", ANOTHERS_DATABASE)) or SQL.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=place)
def test_only_a_job_opens_a_write_transaction(path: Path) -> None:
    opens = {name.rsplit(".", 1)[-1] for name in imports_of(path)} & {"write_transaction", "rehearsal"}
    assert opens == set() or place(path).startswith("jobs/")


@pytest.mark.parametrize("path", FILES, ids=place)
def test_a_file_says_in_its_first_line_what_it_answers_and_stays_below_300_lines(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 300


def docstrings_of(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    documented = (node for node in nodes if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef))
    return [text for node in documented if (text := ast.get_docstring(node))]


@pytest.mark.parametrize("path", FILES, ids=place)
def test_the_first_line_of_a_docstring_names_its_subject(path: Path) -> None:
    assert [text.splitlines()[0] for text in docstrings_of(path) if POINTING.match(text)] == []
