"""Extras: libraries of a format that are installed only where that format is used."""

import sys
from importlib.util import find_spec

from smsreminders.errors import AdministratorNeeded


def require(module: str, *, extra: str, what: str) -> None:
    """Refuse to go on without a library, with the command that installs it. Raises AdministratorNeeded."""
    if find_spec(module) is None:
        raise AdministratorNeeded(
            f"{what} are read with a library that isn't installed: {sys.executable} -m pip install "
            f"'smsreminders[{extra}]'"
        )
