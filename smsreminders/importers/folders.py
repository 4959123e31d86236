"""Folders: the files that were read of one are moved on, so that the next import reads only what is new."""

from collections.abc import Mapping
from itertools import count
from pathlib import Path

from smsreminders.errors import AdministratorNeeded
from smsreminders.importers.records import Part

_INTO = {Part.READ: "done", Part.BAD: "bad"}


def move_read(parts: Mapping[Path, Part]) -> None:
    """Move each file that was read to the folder done beside it, a bad one to bad; an unfinished one stays.

    A file that is there already is never overwritten. Raises AdministratorNeeded where a file can't be moved.
    """
    for file, part in parts.items():
        if part not in _INTO or not file.exists():
            continue
        target = file.parent / _INTO[part]
        try:
            target.mkdir(mode=0o700, exist_ok=True)
            file.rename(_free(target / file.name))
        except OSError as error:
            raise AdministratorNeeded(
                f"{file}: imported, but it can't be moved to {target.name}: {error.strerror}; the next import reads it "
                "again, which changes nothing"
            ) from error


def _free(path: Path) -> Path:
    names = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return path if not path.exists() else next(name for name in names if not name.exists())
