"""FHIR files: which resources stand in them, where, and whether they are all; whatever the bytes, one clear error."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.errors import InputFileError
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import RowError, Trouble
from smsreminders.importers.resources import entries as fhir_entries
from smsreminders.importers.resources.entries import Entry, read_entries
from tests.importers.golden import DATA
from tests.importers.tables import APPOINTMENTS, layout


def appointment(id_: str) -> dict[str, object]:
    return {"resourceType": "Appointment", "id": id_}


def bundle(*ids: str, **keys: object) -> dict[str, object]:
    return {"resourceType": "Bundle", "entry": [{"resource": appointment(id_)} for id_ in ids], **keys}


def entries(folder: Path, *documents: object, name: str = "file.json", indent: int | None = None) -> list[str]:
    texts = [json.dumps(document, indent=indent) for document in documents]
    (folder / name).write_text("\n".join(texts) + "\n", encoding="utf-8")
    return [
        f"{entry.place}: {entry.reason}"
        if isinstance(entry, RowError)
        else f"{entry.place}: {entry.resource.text('id')}"
        for entry in read_entries(folder / name)
    ]


def test_each_resource_has_its_place(tmp_path: Path) -> None:
    assert entries(tmp_path, appointment("1")) == ["line 1: 1"]
    assert entries(tmp_path, appointment("1"), indent=1) == ["the file: 1"]
    assert entries(tmp_path, [appointment("1"), bundle("2")], indent=1) == ["entry 1: 1", "entry 2, entry 1: 2"]
    assert entries(tmp_path, bundle("1", "2"), indent=1) == ["entry 1: 1", "entry 2: 2"]
    assert entries(tmp_path, bundle("1"), appointment("2")) == ["line 1, entry 1: 1", "line 2: 2"]


def test_what_is_no_resource_costs_only_itself(tmp_path: Path) -> None:
    no_resource = "is missing: this is no FHIR resource"
    assert entries(tmp_path, {"a": 1}, 7, [None, appointment("1")], name="a.ndjson") == [
        f"line 1: {no_resource}",
        f"line 2: {no_resource}",
        f"line 3, entry 1: {no_resource}",
        "line 3, entry 2: 1",
    ]
    assert entries(tmp_path, bundle(entry=[7, {}, {"resource": 1}, {"resource": appointment("1")}]))[1:] == [
        f"line 1, entry 2: {no_resource}",
        "line 1, entry 3: 1",
    ]


def test_answers_to_writes_and_bundles_in_bundles_are_taken_as_they_are_meant(tmp_path: Path) -> None:
    batch = bundle(entry=[{"response": {"status": "201"}}, {"resource": bundle("1")}])
    assert entries(tmp_path, batch) == ["line 1, entry 2, entry 1: 1"]


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    for content, reason in [
        ("{", "the file is no JSON, or cut off: Expecting property name"),
        ("<Bundle/>", "not a text file but a web page or XML, .*; FHIR as JSON"),
        ('{\n"id": ' + "9" * 5000 + "}", "the file is no JSON that can be read: Exceeds the limit"),
        ("[" * 100_000, "the file is no JSON that can be read: it is nested deeper"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested deeper than 64 levels"),
        ("{}\n".replace("}", "\n}") * 2, "Extra data"),
    ]:
        path.write_text(content, encoding="utf-8")
        with pytest.raises(InputFileError, match=reason):
            list(read_entries(path))


def test_a_line_that_is_nested_too_deep_costs_only_itself(tmp_path: Path) -> None:
    lines = [json.dumps(appointment("1")), "[" * 100_000, json.dumps(appointment("2"))]
    (tmp_path / "a.ndjson").write_text("\n".join(lines), encoding="utf-8")
    assert [entry.place for entry in read_entries(tmp_path / "a.ndjson")] == ["line 1", "line 2", "line 3"]


@pytest.mark.parametrize("name", ["file.json", "file.ndjson"])
def test_a_text_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(fhir_entries, "LONGEST", 1000)
    (tmp_path / name).write_text('{"a": "' + "x" * 2000, encoding="utf-8")
    with pytest.raises(InputFileError, match="longer than 1,000 characters"):
        list(read_entries(tmp_path / name))


def test_a_whole_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fhir_entries, "LONGEST", 1000)
    (tmp_path / "file.json").write_text("{\n" + '"a": 1,\n' * 200, encoding="utf-8")
    with pytest.raises(InputFileError, match="longer than 1,000 characters"):
        list(read_entries(tmp_path / "file.json"))


def lacking(folder: Path, *bundles: object) -> list[str]:
    (folder / "file.ndjson").write_text("\n".join(map(json.dumps, bundles)), encoding="utf-8")
    rows = [row for row in read_entries(folder / "file.ndjson") if isinstance(row, RowError)]
    return [row.reason for row in rows if row.trouble is Trouble.PARTIAL]


def test_a_bundle_whose_total_exceeds_its_entries_is_not_all(tmp_path: Path) -> None:
    assert lacking(tmp_path, bundle("1", "2", total=2)) == []
    assert lacking(tmp_path, bundle("1", "2", total=3)) == [
        "the record has 3, the file only 2 of them: fetch all pages"
    ]
    assert lacking(tmp_path, bundle("1", "2", total=3), bundle("3", total=3)) == []
    assert lacking(tmp_path, bundle(total=0)) == []


def test_what_a_search_includes_is_not_counted(tmp_path: Path) -> None:
    patient = {"resource": {"resourceType": "Patient", "id": "p"}}
    match = {"resource": appointment("1"), "search": {"mode": "match"}}
    assert lacking(tmp_path, bundle(entry=[{**patient, "search": {"mode": "include"}}, match], total=2)) != []
    assert lacking(tmp_path, bundle(entry=[{"resource": appointment("1")}, patient], total=2)) != []


def test_a_next_page_or_an_error_beside_the_entries_tells_that_it_is_not_all(tmp_path: Path) -> None:
    more = bundle("1", link=[{"relation": "self"}, {"relation": "next", "url": "https://x"}])
    assert lacking(tmp_path, more) == ["the record has a next page: fetch all pages into one file, one a line"]
    assert lacking(tmp_path, more, bundle("2")) == []
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}
    assert lacking(tmp_path, bundle("1"), outcome)[0].startswith("the record answered with an error too")
    assert lacking(tmp_path, bundle("1"), {**outcome, "issue": [{"severity": "warning"}]}) == []


@pytest.mark.parametrize("name", ["agenda.json", "bulk.ndjson"])
def test_a_file_that_is_cut_anywhere_says_nothing_but_what_stands_there(tmp_path: Path, name: str) -> None:
    whole = (DATA / "fhir" / name).read_bytes()
    all_rows = set(map(repr, read_file(DATA / "fhir" / name, APPOINTMENTS, layout())))
    path = tmp_path / name
    for length in range(0, len(whole), 3):
        path.write_bytes(whole[:length])
        try:
            rows = list(read_file(path, APPOINTMENTS, layout()))
        except InputFileError:
            continue
        assert {repr(row) for row in rows if not isinstance(row, RowError)} <= all_rows


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["Bundle", "Appointment", "#p"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["resourceType", "id", "status", "start", "participant", "actor", "reference", "entry", "resource"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(st.lists(JSON, min_size=1, max_size=3))
@settings(max_examples=200)
def test_whatever_the_json_is_there_are_rows_or_one_clear_error(documents: list[object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.ndjson"
        path.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
        try:
            rows = list(read_file(path, APPOINTMENTS, layout()))
        except InputFileError:
            return
        assert all(row.place for row in rows)


def test_an_entry_shows_what_was_removed(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text(
        json.dumps(bundle(entry=[{"request": {"method": "DELETE", "url": "Appointment/1"}}])), encoding="utf-8"
    )
    [entry] = read_entries(tmp_path / "a.ndjson")
    assert isinstance(entry, Entry)
    assert (entry.place, entry.removed) == ("line 1, entry 1", "Appointment/1")
