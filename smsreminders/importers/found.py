"""Found files: what a pattern of the file system matches, and why it matches nothing."""

import glob
import os
import stat
from pathlib import Path

from smsreminders.domain.agenda.source_files import FoundFile, is_unfinished
from smsreminders.errors import AdministratorNeeded, TryAgainLater

_OF_FOLDERS = ("hl7", "ics")  # whose importers read all files of a folder


def find_files(pattern: str, format_name: str) -> list[FoundFile]:
    """Find the files that match a pattern, at least one; those that aren't finished are left out.

    Raises TryAgainLater where there is none (yet), AdministratorNeeded where a person must put something right: a
    folder that isn't there or can't be looked into, or matches none of which can be a file to import.
    """
    _check_folder(pattern)
    matches = sorted(map(Path, glob.glob(pattern)))  # noqa: PTH207 - a Path's passes over links that lead nowhere
    finished = [match for match in matches if not is_unfinished(match.name)]
    if not finished:
        only = f"only {matches[0].name}, which isn't finished: " if matches else ""
        raise TryAgainLater(
            f"no file matches {pattern}: {only}look whether the export still runs, and how it names its file now"
        )
    found, odd = [], ""
    for match in finished:
        try:
            file = look_at(match)
        except OSError as error:
            odd = odd or f"{match}: {error.strerror}: look where it leads to"
            continue
        if file.is_folder and format_name not in _OF_FOLDERS:
            odd = odd or (
                f"{match} is a folder: write which of its files, as in {match}/*.csv; or, if all of them are meant, "
                'format = "hl7" or "ics"'
            )
        else:
            found.append(file)
    if not found:
        raise AdministratorNeeded(odd)
    return found


def look_at(path: Path) -> FoundFile:
    """Look at how a file stands now. Raises OSError."""
    now = path.stat()
    return FoundFile(path, now.st_size, now.st_mtime_ns, stat.S_ISDIR(now.st_mode), now.st_ctime_ns)


def check_readable(file: FoundFile) -> None:
    """Refuse a file that whoever runs the program may not read. Raises AdministratorNeeded."""
    if not os.access(file.path, os.R_OK | (os.X_OK if file.is_folder else 0), effective_ids=True):
        raise AdministratorNeeded(f"{file.path} can't be read: let the user that cron runs as read the export")


def _check_folder(pattern: str) -> None:
    """Refuse a pattern whose folder can't be looked into: it would match nothing there, without a word."""
    folder = Path(pattern).parent
    while glob.has_magic(str(folder)):
        folder = folder.parent
    try:
        is_folder = stat.S_ISDIR(folder.stat().st_mode)
    except OSError as error:
        raise AdministratorNeeded(f"{folder}: {error.strerror}: look at the path of the source") from error
    if not is_folder:
        raise AdministratorNeeded(f"{folder} is no folder: look at the path of the source")
    if not os.access(folder, os.R_OK | os.X_OK, effective_ids=True):
        raise AdministratorNeeded(f"{folder} can't be looked into: let the user that cron runs as do so")
