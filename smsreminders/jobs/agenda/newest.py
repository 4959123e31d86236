"""The newest file of a source, once nobody writes to it any more."""

from smsreminders.domain.agenda.source_files import SETTLED, FoundFile, may_change, may_get_its_end, newest
from smsreminders.domain.clock import Clock
from smsreminders.errors import TryAgainLater
from smsreminders.importers.ends import lacks_end
from smsreminders.importers.formats import format_of
from smsreminders.importers.found import check_readable, find_files, look_at


def newest_file(pattern: str, format_name: str, *, clock: Clock) -> FoundFile:
    """Find the newest file that matches a pattern, and look whether it is written whole.

    One that was changed a moment ago is looked at twice. One without its end is left for later while it is young; what
    has lain there for ten minutes is as the export made it. Raises TryAgainLater, AdministratorNeeded.
    """
    file = newest(find_files(pattern, format_name))
    check_readable(file)
    if file.is_folder:  # whose importer looks at each file
        return file
    if may_change(file, clock.now()):
        clock.pause(SETTLED.total_seconds())
        if _has_changed(file):
            raise TryAgainLater(f"{file.path} is still being written: it is imported the next time")
    if may_get_its_end(file, clock.now()) and (lack := lacks_end(file.path, format_of(file.path, format_name))):
        raise TryAgainLater(f"{file.path}: {lack}, so it may still be being written: it is imported the next time")
    return file


def _has_changed(file: FoundFile) -> bool:
    try:
        return look_at(file.path) != file
    except OSError:  # it is gone
        return True
