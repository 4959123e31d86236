"""The sources of the configuration: each with a name of its own, one place that it comes from, and whose it is."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from smsreminders.config.settings import read_settings
from smsreminders.config.sources import SourceSettings
from smsreminders.config.wording import EXAMPLE
from tests.config.files import error_of, settings_of

FEED = '[[sources]]\nname = "agenda"\nurl = "https://host/5f3c.ics"\n'
AGENDA = '[[sources]]\nname = "agenda"\npath = "/srv/export/agenda*.csv"\n'
BY_COLUMN = AGENDA + 'practice_column = "Locatie"\n[sources.practices]\n"Utrecht" = "utrecht"\n'
ONE_OF_THEM = 'Write path = "/srv/export/agenda*.csv", or url = "https://host/agenda.ics"'


def sources_of(folder: Path, text: str) -> list[SourceSettings]:
    return list(settings_of(folder, text).sources.values())


def the_source(folder: Path, text: str) -> SourceSettings:
    (source,) = sources_of(folder, text)
    return source


def test_a_source_has_a_name_a_place_and_perhaps_a_practice(tmp_path: Path) -> None:
    assert sources_of(tmp_path, "") == []
    general = settings_of(tmp_path, "").imports
    second = AGENDA.replace('"agenda"', '"noord"') + 'practice = "eik"\n'
    assert sources_of(tmp_path, FEED + second) == [
        SourceSettings("agenda", general, url="https://host/5f3c.ics"),
        SourceSettings("noord", general, path="/srv/export/agenda*.csv", practice="eik"),
    ]


@pytest.mark.parametrize(
    ("line", "attribute", "expected"),
    [
        ('kind = "patients"', "kind", "patients"),
        ('format = "csv"', "format_name", "csv"),
        ('complete = "14d"', "complete", timedelta(days=14)),
        ('late_after = "2d"', "late_after", timedelta(days=2)),
        ("move = true", "move", True),
        ('columns = { start = "Datum+Tijd" }', "files.columns", {"start": "Datum+Tijd"}),
        ('words = { status = { "Af" = "cancelled" } }', "files.words", {"status": {"Af": "cancelled"}}),
        ('time_format = "%d-%m-%Y"', "files.time_format", "%d-%m-%Y"),
        ("midnight = true", "files.midnight", True),
        ('id = "patient+start"', "files.id_of_start", True),
        ("patient_pattern = '(?P<patient>[0-9]+)'", "files.patient_pattern", re.compile("(?P<patient>[0-9]+)")),
        ('horizon = "30d"', "files.horizon", timedelta(days=30)),
    ],
)
def test_a_source_has_its_own(tmp_path: Path, line: str, attribute: str, expected: object) -> None:
    value: Any = the_source(tmp_path, AGENDA + line)
    for name in attribute.split("."):
        value = getattr(value, name)
    assert value == expected


def test_what_a_source_leaves_out_is_as_for_every_file_but_its_columns_are_its_own(tmp_path: Path) -> None:
    general = '[import]\nmidnight = true\ntime_format = "%d-%m-%Y"\n[import.columns]\nstart = "Van"\n'
    files = the_source(tmp_path, general + AGENDA + 'time_format = "iso"\n').files
    assert (files.midnight, files.time_format, files.columns) == (True, None, {})


def test_each_row_may_say_by_a_column_whose_it_is(tmp_path: Path) -> None:
    source = the_source(tmp_path, BY_COLUMN)
    assert (source.practice, source.practice_column, source.practices) == (None, "Locatie", {"Utrecht": "utrecht"})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/srv/agenda.csv", "/srv/agenda.csv"),
        ("export/agenda*.csv", "{folder}/export/agenda*.csv"),
        ("~/export/agenda*.csv", "/home/linde/export/agenda*.csv"),
    ],
)
def test_a_path_begins_at_the_root_the_configuration_or_the_home(tmp_path: Path, path: str, expected: str) -> None:
    settings = settings_of(tmp_path, AGENDA.replace("/srv/export/agenda*.csv", path), {"HOME": "/home/linde"})
    assert settings.sources["agenda"].path == expected.format(folder=tmp_path)


def test_signs_of_a_pattern_in_the_folder_of_the_configuration_are_none(tmp_path: Path) -> None:
    folder = tmp_path / "a*[b]"
    folder.mkdir()
    assert the_source(folder, AGENDA.replace("/srv/", "")).path == f"{tmp_path}/a[*][[]b]/export/agenda*.csv"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (AGENDA + FEED, 'sources.name: each source has a name of its own, and "agenda" is none'),
        ('[[sources]]\npath = "a.csv"\n', 'sources.name: each source has a name of its own, and "" is none'),
        (AGENDA.replace("agenda", "by hand", 1), 'each source has a name of its own, and "by hand" is none'),
        ('[[sources]]\nname = "agenda"\n', f'sources.path: where is the file of "agenda"? {ONE_OF_THEM}'),
        ('[[sources]]\nname = "agenda"\npath = " "\n', f'where is the file of "agenda"? {ONE_OF_THEM}'),
        (FEED + 'path = "agenda.csv"\n', f"sources.path: a source has one of them, path or url {ONE_OF_THEM}"),
        (AGENDA.replace("/srv", "~linde"), "sources.path: ~linde/export/agenda*.csv: whose home is that?"),
        (AGENDA.replace("/srv", "~"), "sources.path: ~/export/agenda*.csv: whose home is that?"),  # cron without HOME
        (AGENDA + 'patch = "x"\n', 'sources.patch: unknown key; did you mean "path"?'),
        (AGENDA + 'kind = "apointments"\n', 'sources.kind: "apointments" can\'t stand here; did you mean'),
        (AGENDA + 'complete = "36h"\n', 'sources.complete: write whole days, like "14d"'),
        (AGENDA + 'complete = "0d"\n', 'sources.complete: write whole days, like "14d"'),
        (AGENDA + 'complete = "two weeks"\n', 'sources.complete: write a duration like "10s", "90m", "2h" or "3d"'),
        (AGENDA + 'complete = "14d"\nkind = "patients"\n', "sources.complete: of patients no file is complete"),
        (AGENDA + 'complete = "14d"\nformat = "hl7"\n', "sources.complete: HL7 messages tell changes, so no file"),
        (AGENDA + 'words = { status = "x" }\n', "sources.words.status: it is a table"),
        (AGENDA + 'words = { consent = { "" = "no" } }\n', "sources.words.consent: write the word of the file and"),
        (AGENDA + 'practice_column = "Locatie"\n', 'sources.practice: write practice = "CODE"; or practice_column'),
        (FEED + 'practice_column = "Locatie"\n', "sources.practice_column: a calendar has no columns"),
        (BY_COLUMN.replace("practice_column", 'practice = "linde"\nformat'), "sources.practice: write practice"),
        (BY_COLUMN.replace("practice_column", 'practice = "x"\npractice_column'), "sources.practice: write practice"),
        (BY_COLUMN.replace('"utrecht"', "1"), "sources.practices.Utrecht: write it as text"),
        ("sources = 1\n", "sources: it is a list of tables: write [[sources]]"),
        ("sources = [1]\n", "sources: it is a list of tables: write [[sources]]"),
    ],
)
def test_a_source_that_is_written_wrongly_is_told(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in error_of(tmp_path, text)


def test_an_address_that_others_can_read_is_refused_and_none_is_shown(tmp_path: Path) -> None:
    assert "5f3c" not in repr(sources_of(tmp_path, FEED))
    (tmp_path / "config.toml").chmod(0o644)
    with pytest.raises(Exception, match="holds a secret, and others can read it"):
        read_settings(tmp_path / "config.toml", {})


def test_the_example_names_every_key_of_a_source(tmp_path: Path) -> None:
    example = EXAMPLE.read_text(encoding="utf-8")
    block = example[example.index("# [[sources]]") : example.index("[numbers]")].replace("\n# ", "\n")[2:]
    without_column = block[: block.index("practice_column = ")]
    assert the_source(tmp_path, without_column).complete == timedelta(days=14)
    named = {*re.findall(r"(\w+) =", block), "midnight", "id", "patient_pattern", "horizon", "practices"}
    known = error_of(tmp_path, AGENDA + "zzzzzzzz = 1").split("known are: ")[1].split(", ")
    assert set(known) <= named
