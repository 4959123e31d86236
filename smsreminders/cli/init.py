"""A new configuration with its database."""

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smsreminders.cli.context import Invocation, invocation
from smsreminders.errors import SmsremindersError, UsageError

if TYPE_CHECKING:
    from smsreminders.domain.practices import Practice


def init(
    context: typer.Context,
    *,
    practice: Annotated[
        str | None, typer.Option("--practice", metavar="NAME", help="Add a practice of this name.")
    ] = None,
    code: Annotated[
        str | None, typer.Option("--code", help="Our name for it; left out: 12 characters or less of its name.")
    ] = None,
    sender_id: Annotated[
        str | None, typer.Option("--sender-id", help="What its texts come from; left out: made from its name.")
    ] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="Its own number, for {phone} in a text.")] = None,
    sure: Annotated[
        bool, typer.Option("--sure", help="Take a sender ID that isn't plainly the practice's own.")
    ] = False,
    database: Annotated[Path | None, typer.Option("--database", metavar="FILE", help="Where to make it.")] = None,
) -> None:
    """Make a configuration and a database.

    Both are readable by their owner only, and nothing is overwritten. On a terminal it asks for the practice that no
    option names, and proposes what it can: Enter takes what stands in brackets.

    Example: smsreminders init --practice "Tandartspraktijk De Linde" --phone 020-1234567
    """
    from smsreminders.cli.asking import at_a_terminal
    from smsreminders.cli.first_practice import asked_practice, first_practice
    from smsreminders.cli.show.practice import practice_name
    from smsreminders.domain.changes import PracticeChange

    run = invocation(context)
    given = PracticeChange(practice, sender_id, phone)
    asks = practice is None and at_a_terminal()
    for option, word in (("--code", code), ("--sender-id", sender_id), ("--phone", phone)):
        if word and not practice and not asks:
            raise UsageError(f"{option} is of a practice: give its name with --practice")
    owner = first_practice(code, given, sure=sure) if practice else None
    target = _target(run, database)
    _refuse_to_overwrite(run, owner, target)
    if asks:
        owner = asked_practice(code, given, sure=sure)
    path = _make(run, owner, target)
    run.say(f"Made {path} and {target}.")
    if owner:
        run.say(f"Added {practice_name(owner)}, texts come from {owner.sender_id}.")
    else:
        run.say("Next: smsreminders practice add CODE --name NAME")
    run.say(
        f"Then: smsreminders service add --practice {owner.code if owner else 'CODE'} --name Notificaties "
        "--channel sms --notification-type appointment-reminder"
    )


def _path(run: Invocation) -> Path:
    from smsreminders.config.settings import config_path

    return config_path(run.config, os.environ).absolute()


def _target(run: Invocation, database: Path | None) -> Path:
    usual = _path(run).parent / "smsreminders.db"
    return (database or Path(os.environ.get("SMSREMINDERS_DATABASE") or usual)).absolute()


def _refuse_to_overwrite(run: Invocation, owner: "Practice | None", target: Path) -> None:
    """Refuse to make what is there, or a new database where one was lost: it knows nobody who was texted.

    Raises UsageError.
    """
    from smsreminders.store.ownership import files_beside

    if (path := _path(run)).exists():
        add = f"practice add {owner.code} --name {shlex.quote(owner.name)}" if owner else ""
        remedy = f"; another practice is added with `smsreminders {add}`" if add else ""
        raise UsageError(f"{path} exists already: nothing was changed{remedy}")
    if target.exists():
        raise UsageError(
            f"{target} exists already: nothing was changed; if its configuration is lost, put that back as {path}, or "
            "begin it anew from config.example.toml"
        )
    if target.parent.is_dir() and (left := files_beside(target)):
        raise UsageError(
            f"{left[0]} is left of a database that was here: nothing was changed. Put its last backup back and run "
            "`smsreminders reconcile`; a new one would text again who was texted already. If that is meant, move away "
            f"what begins with {target.name}"
        )


def _make(run: Invocation, owner: "Practice | None", target: Path) -> Path:
    """Make the configuration and the database, both or neither, and return where the first is. Raises UsageError."""
    from smsreminders.cli.files import write_new
    from smsreminders.jobs.keep.init import init as make_database

    path = _path(run)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        write_new(path, [_configuration(path, target)])
        make_database(target, owner)
    except (SmsremindersError, OSError):
        path.unlink(missing_ok=True)
        raise
    return path


def _configuration(path: Path, database: Path) -> str:
    """Make the text of a configuration from the example; it names the database where that has another name."""
    from smsreminders.config.wording import EXAMPLE

    text = EXAMPLE.read_text(encoding="utf-8")
    usual = "smsreminders.db"
    return text if database == path.parent / usual else text.replace(_toml(usual), _toml(str(database)), 1)


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
