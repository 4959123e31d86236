"""The trial of a file of any format: how it is to be read, once for each kind of rows that is in it."""

from collections.abc import Sequence
from pathlib import Path

from smsreminders.importers.formats import known_format
from smsreminders.importers.records import Kind, Layout
from smsreminders.importers.times import check_time_format
from smsreminders.importers.trial.found import Found
from smsreminders.importers.trial.others import try_other
from smsreminders.importers.trial.tables import try_table


def try_file(path: Path, kind: Kind | None, layout: Layout, *, format_name: str = "auto") -> Sequence[Found]:
    """Find how a file is to be read, whatever the layout leaves open; of a table that is one kind, of FHIR perhaps two.

    Raises InputFileError where the file can't be used, UsageError where the layout can't, AdministratorNeeded where the
    extra for its format isn't installed.
    """
    check_time_format(layout.time_format)
    name = known_format(path, format_name)
    if name in {"csv", "xlsx"}:
        return [try_table(path, name, kind, layout)]
    return list(try_other(path, name, kind, layout))
