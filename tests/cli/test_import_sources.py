"""`import --all`: every source of the configuration for itself, in a line each; and files of a source by hand."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from smsreminders.store.agenda.import_lock import import_lock
from tests.cli.running import TUESDAY, Ended, Program

HEADER = "Afspraaknummer;Patiëntnr;Naam;Datum;Tijd;Status;Locatie\n"
WORDS = 'columns = { start = "Datum+Tijd", status = "Status" }\nwords = { status = { "Zaal" = "ignore" } }\n'
AGENDA = f'[[sources]]\nname = "agenda"\npractice = "linde"\npath = "~/export/agenda*.csv"\n{WORDS}'
MORE = '[[sources]]\nname = "{name}"\npath = "{path}"\n{more}\n'
CHANGES = "added changed unchanged cancelled missing ignored unclear rejected patients_changed consents_changed"
NOTHING = dict.fromkeys(CHANGES.split(), 0)


def row(number: int, status: str = "gepland", place: str = "Utrecht") -> str:
    return f"A{number};100{number};P. Canaria;2026-11-25;10:3{number};{status};{place}\n"


def export(program: Program, *rows: str, name: str = "agenda.csv", at: str = "2026-11-24T02:00:00+01:00") -> Path:
    """An export of that moment in the folder of exports."""
    path = program.home / "export" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    moment = datetime.fromisoformat(at).timestamp()
    os.utime(path, (moment, moment))
    return path


@pytest.fixture
def program(two: Program) -> Program:
    two.configure(AGENDA)
    two.config.chmod(0o600)
    return two


def known(program: Program, practice: str = "linde") -> list[str]:
    return [appointment["id"] for appointment in program(f"appointment list --practice {practice} --json").json]


def outcomes(ended: Ended) -> list[tuple[str, str | None, str, int]]:
    return [(part["source"], part["practice"], part["outcome"], part["exit_code"]) for part in ended.json]


def test_every_source_is_imported_and_told_in_a_line(program: Program) -> None:
    file = export(program, row(1), row(2, "Zaal"))
    ended = program("import --all")
    assert (ended.code, ended.lines) == (0, [f"agenda (linde): 2 read  1 added  1 ignored  {file}"])
    assert program("import --all").lines == [f"agenda (linde): as it was when it was imported  {file}"]
    assert program("--quiet import --all") == Ended(0, "", "")
    assert known(program) == ["A1"]


def test_in_json_each_source_is_a_result(program: Program) -> None:
    file = export(program, row(1))
    plain = {"source": "agenda", "practice": "linde", "file": str(file), "error": None, "exit_code": 0}
    first, again = (program("import --all --json").json for _ in range(2))
    assert first == [plain | {"outcome": "imported", "read": 1, **NOTHING, "added": 1, "of_no_practice": 0}]
    assert again == [plain | {"outcome": "as-it-was", "read": 0, **NOTHING, "of_no_practice": 0}]


def test_each_source_is_for_itself_and_the_worst_of_them_is_the_exit_code(program: Program) -> None:
    linde = 'practice = "linde"'
    sources = [
        MORE.format(name="later", path="~/export/none*.csv", more=linde),
        MORE.format(name="whose", path="~/export/bad.csv", more=""),
        MORE.format(name="bad", path="~/export/bad.csv", more=linde),
        MORE.format(name="words", path="~/export/bad.csv", more=linde + '\nwords = { status = { "x" = "canceled" } }'),
        AGENDA,
    ]
    program.configure("".join(sources))
    export(program, "A1;1001;x;morgen;;;\n", name="bad.csv")
    export(program, row(1))
    ended = program("import --all --json")
    assert outcomes(ended) == [
        ("later", None, "later", 75),
        ("whose", None, "failed", 78),
        ("bad", "linde", "failed", 65),
        ("words", None, "failed", 78),
        ("agenda", "linde", "imported", 0),
    ]
    assert ended.code == 78
    told = [line for line in ended.said if line.startswith("smsreminders: ") and "line 2" not in line]
    assert [line.removeprefix("smsreminders: ").partition(": ")[0] for line in told] == [
        "later",
        "whose",
        "bad (linde)",
        "words",
    ]
    assert 'the source "words": words: "canceled" is no meaning of a status: did you mean "cancelled"?' in ended.err
    assert known(program) == ["A1"]


def test_a_file_of_several_practices_is_imported_for_each(program: Program) -> None:
    shared = AGENDA.replace('practice = "linde"\n', 'practice_column = "Locatie"\n')
    program.configure(f'{shared}[sources.practices]\n"Utrecht" = "linde"\n"Zeist" = "eik"\n')
    export(program, row(1), row(2, place="Zeist"), row(3, place="Houten"))
    ended = program("import --all --json")
    assert outcomes(ended) == [("agenda", "linde", "imported", 3), ("agenda", "eik", "imported", 0)]
    told = 'agenda (linde): 1 row is of no practice and left out: "Houten" (1): name them in [sources.practices], or'
    assert (ended.code, ended.said) == (3, [f'smsreminders: {told} write "" for a practice of none'])
    assert (known(program), known(program, "eik")) == (["A1"], ["A2"])


def test_texts_that_may_be_names_or_numbers_are_not_shown(program: Program) -> None:
    by_name = AGENDA.replace('practice = "linde"\n', 'practice_column = "Naam"\n')
    program.configure(f'{by_name}[sources.practices]\n"Linde" = "linde"\n')
    export(program, *(row(1).replace("P. Canaria", f"{letter}. Canaria") for letter in "ABCDEFGHIJKL"))
    told = "12 rows are of no practice, with 12 other texts in practice_column, and left out: look whether it is the"
    assert program("import --all").said == [f"smsreminders: agenda (linde): {told} right column"]


def test_a_dry_run_says_what_would_be_and_only_one_practice_may_be_asked_for(program: Program) -> None:
    file = export(program, row(1))
    ended = program("import --all --dry-run")
    assert ended.lines == [f"agenda (linde): would be 1 read  1 added  {file}"]
    assert (program("import --all --practice eik --json").json, known(program)) == ([], [])
    assert program("import --source agenda --practice eik").said == [
        'smsreminders: the source "agenda" has nothing of the practice "eik"'
    ]
    assert program("import --all --practice linde --json").json[0]["added"] == 1


def test_a_source_may_be_imported_alone_and_so_may_a_file_of_it(program: Program) -> None:
    export(program, row(1))
    assert program("import --source agenda --json").json["added"] == 1
    again = program("import --source agenda --json")
    assert (again.json["read"], again.said[0].endswith("agenda.csv is as it was when it was imported.")) == (0, True)
    late = export(program, row(1, "geannuleerd"), row(2, "Hal"), row(3, "Zaal"), name="late.csv")
    ended = program(f"import {late} --source agenda --word status:Hal=booked --json")
    assert (ended.code, ended.json["cancelled"], ended.json["added"], ended.json["ignored"]) == (0, 1, 1, 1)


@pytest.mark.parametrize("file", ["", "export/agenda.csv"])
def test_a_column_that_the_command_line_maps_wrongly_is_a_wrong_use(program: Program, file: str) -> None:
    export(program, row(1))
    ended = program(f"import {file} --source agenda --map begin=Datum")
    assert (ended.code, 'appointments have no field "begin" to map' in ended.err) == (2, True)


def test_a_file_of_a_shared_source_by_hand_goes_to_each_practice(program: Program) -> None:
    shared = AGENDA.replace('practice = "linde"\n', 'practice_column = "Locatie"\n')
    program.configure(f'{shared}[sources.practices]\n"Utrecht" = "linde"\n"Zeist" = "eik"\n')
    file = export(program, row(1), *(f"A{number};1;x;morgen;;;Zeist\n" for number in (2, 3)))
    ended = program(f"import {file} --source agenda --json")
    assert (ended.code, ended.json["added"], known(program), known(program, "eik")) == (65, 1, ["A1"], [])


@pytest.mark.parametrize(
    "command",
    [
        "import agenda.csv --all",
        "import --all --source agenda",
        "import --all --kind patients",
        "import --all --sure",
        "import --all --map start=Datum",
        "import --all --complete 2026-11-24..2026-11-30",
    ],
)
def test_all_sources_are_imported_as_they_are_configured(program: Program, command: str) -> None:
    ended = program(command)
    told = "smsreminders: --all imports every source as it is configured: only --practice, --dry-run, --json go by it"
    assert (ended.code, ended.said) == (2, [told])


def test_without_sources_there_is_nothing_to_do(linde: Program) -> None:
    told = "There is no source to import: write [[sources]] in the configuration (docs/importing.md)."
    ended = linde("import --all --json")
    assert (ended.code, ended.json, ended.said) == (0, [], [told])


def test_while_another_import_is_running_it_is_later(program: Program) -> None:
    file = export(program, row(1))
    with import_lock(program.database):
        for command in ("import --all", f"import {file} --source agenda", "import --source agenda"):
            ended = program(command)
            told = ["smsreminders: another import is running: try again when it has ended"]
            assert (ended.code, ended.said) == (75, told)
        assert program("--quiet import --all").err == ""
        assert program("import --all --dry-run").code == 0
    assert program.at(TUESDAY)("import --all").code == 0


def test_a_source_that_does_not_come_any_more_is_told_by_check_and_doctor(program: Program) -> None:
    export(program, row(1), at="2026-11-20T02:00:00+01:00")
    program.does("import --all")
    found = 'the source "agenda" doesn\'t come any more: the newest is agenda.csv of 2026-11-20 02:00'
    advice = "look whether the export still runs, and under which name"
    assert f"{found}: {advice}" in program("check").lines
    checks = [check for check in program("doctor --json").json if check["check"] == "source"]
    assert checks == [{"check": "source", "verdict": "warning", "found": found, "advice": advice}]
    assert [line for line in program("check --practice eik").lines if "source" in line] == []


@pytest.mark.parametrize(
    ("was", "wrong", "told"),
    [
        ('"ignore"', '"ignored"', 'words: "ignored" is no meaning of a status: did you mean "ignore"?'),
        ("status =", "statis =", 'appointments have no field "statis" to map: did you mean "status"?'),
        ("practice", 'format = "cvs"\npractice', 'there is no format "cvs"; did you mean '),
        ("practice", 'time_format = "dd-mm-jjjj"\npractice', "time format"),
    ],
)
def test_settings_of_a_source_that_can_not_be_are_told_before_a_file_comes(
    program: Program, was: str, wrong: str, told: str
) -> None:
    program.configure(AGENDA.replace(was, wrong, 1))
    ended = program("import --all")
    assert ended.code == 78
    assert told in ended.err
    assert told in program("check").out
    (check,) = [check for check in program("doctor --json").json if check["check"] == "source"]
    assert (check["verdict"], told in check["found"]) == ("wrong", True)
