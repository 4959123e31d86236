"""What the tests of `import --try` share: a file that is tried, and the same file read by the block that is printed."""

from collections.abc import Sequence
from pathlib import Path

from smsreminders.cli.show.trial import Trial, block_of
from smsreminders.config.settings import read_settings
from smsreminders.config.sources import SourceSettings
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import Kind, Layout, Record, RowError
from smsreminders.importers.trial.files import try_file
from smsreminders.importers.trial.found import Finding, Found
from smsreminders.jobs.agenda.trial import understand
from tests.importers.tables import AMSTERDAM, NOW, layout


def tried(path: Path, kind: Kind | None = None, given: Layout | None = None, name: str = "auto") -> list[Trial]:
    """The trials of a file, as the command makes them."""
    trials = []
    for this in try_file(path, kind, given or layout(), format_name=name):
        read = understand(path, this.kind, this.layout, format_name=name, now=NOW) if this.layout else None
        trials.append(Trial(path, this, read, name, None, initials=False))
    return trials


def found(folder: Path, content: str | bytes, kind: Kind | None = None, given: Layout | None = None) -> Found:
    """What is found of a CSV file with this content."""
    path = folder / "agenda.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    [only] = try_file(path, kind, given or layout())
    return only


def lines(findings: Sequence[Finding], *, sure: bool | None = None) -> dict[str, str]:
    """The lines of a block by key, all or those that are sure, or not."""
    return {line.key: line.value for line in findings if sure is None or line.sure is sure}


def source_of(trial: Trial, folder: Path) -> SourceSettings:
    """The source that the configuration has once the block is pasted into it."""
    path = folder / "config.toml"
    path.write_text("\n".join(block_of(trial)) + "\n", encoding="utf-8")
    path.chmod(0o600)
    [source] = read_settings(path, {}).sources.values()
    return source


def read_by_block(trial: Trial, folder: Path) -> list[Record | RowError]:
    """The rows of the file, read as the source of the block says."""
    source = source_of(trial, folder)
    files = source.files
    words = {field: {word.casefold(): meaning for word, meaning in of.items()} for field, of in files.words.items()}
    by_block = Layout(
        AMSTERDAM,
        NOW,
        files.columns,
        files.time_format,
        words=words,
        patient_pattern=files.patient_pattern,
        id_of_start=files.id_of_start,
    )
    return list(read_file(trial.file, Kind(source.kind), by_block, format_name=source.format_name))
