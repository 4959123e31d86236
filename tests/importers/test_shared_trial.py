"""Every file of others is tried: read, or refused in one line that says why; what is printed reads it likewise."""

from pathlib import Path

import pytest

from smsreminders.errors import InputFileError
from smsreminders.importers.formats import read_file
from tests.importers.trying import read_by_block, tried
from tests.shared_data import shared_data

FOLDERS = {
    "cases": "our own files",
    "import/csv": "github.com/ElSrR/cian-agenda and others",
    "import/fhir_r4": "npm hl7.fhir.r4.examples and others",
    "import/fhir_r4_nlcore": "github.com/Nictiz",
    "import/fhir_r4_nlcore_json": "github.com/Nictiz, as JSON",
    "import/fhir_stu3_medmij": "github.com/Nictiz",
    "import/fhir_stu3_medmij_json": "github.com/Nictiz, as JSON",
    "import/fhir_stu3_vendors_nl": "github.com/RIVO-Noord/zorgviewer-ig",
    "import/hl7v2": "github.com/microsoft/FHIR-Converter, github.com/nextgenhealthcare/connect",
    "import/ics": "github.com/collective/icalendar and others",
}


def test_no_folder_is_left_out() -> None:
    folder = shared_data("import", source="others")
    assert {f"import/{path.name}" for path in folder.iterdir() if path.is_dir()} == FOLDERS.keys() - {"cases"}


@pytest.mark.parametrize(("folder", "source"), FOLDERS.items())
def test_every_file_is_read_or_refused_with_a_reason_and_read_likewise_by_its_block(
    folder: str, source: str, tmp_path: Path
) -> None:
    read = refused = 0
    for path in sorted(shared_data(folder, source=source).iterdir()):
        if path.suffix == ".md":
            continue
        try:
            trials = tried(path)
        except InputFileError as error:
            told = str(error)
            assert told.startswith(f"{path}: ")
            assert "\n" not in told
            refused += 1
            continue
        read += 1
        for trial in trials:
            if trial.found.layout and not trial.found.asks:
                assert read_by_block(trial, tmp_path) == list(read_file(path, trial.found.kind, trial.found.layout)), (
                    path
                )
    assert read + refused > 0
    assert read or "xml" in {path.suffix[1:] for path in shared_data(folder, source=source).iterdir()}
