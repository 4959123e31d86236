"""A new configuration with its database."""

import os
from pathlib import Path
from typing import Annotated

import typer

from smsreminders.cli.context import invocation
from smsreminders.errors import SmsremindersError, UsageError


def init(
    context: typer.Context,
    *,
    practice: Annotated[
        str | None, typer.Option("--practice", metavar="NAME", help="Add a practice of this name.")
    ] = None,
    database: Annotated[Path | None, typer.Option("--database", metavar="FILE", help="Where to make it.")] = None,
) -> None:
    """Make a configuration and a database.

    Both are readable by their owner only, and nothing is overwritten.

    Example: smsreminders init --practice "Tandartspraktijk De Linde"
    """
    from smsreminders.cli.files import write_new
    from smsreminders.config.settings import EXAMPLE, config_path
    from smsreminders.domain.practices import Practice, check_name, code_from
    from smsreminders.domain.sender_ids import sender_id_from
    from smsreminders.store.database import create, write_transaction
    from smsreminders.store.practices import add_practice

    run = invocation(context)
    owner = Practice(0, code_from(practice), check_name(practice), sender_id_from(practice)) if practice else None
    path = config_path(run.config, os.environ).absolute()
    if path.exists():
        raise UsageError(f"{path} exists already: nothing was changed")
    target = (database or Path(os.environ.get("SMSREMINDERS_DATABASE") or path.parent / "smsreminders.db")).absolute()
    text = EXAMPLE.read_text(encoding="utf-8")
    if target != path.parent / "smsreminders.db":
        text = text.replace('"smsreminders.db"', _toml(str(target)), 1)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        write_new(path, text)
        create(target)
    except (SmsremindersError, OSError):
        path.unlink(missing_ok=True)
        raise
    if owner:
        with run.database() as db, write_transaction(db):
            add_practice(db, owner)
    run.say(f"Made {path} and {target}.")
    code = owner.code if owner else "CODE"
    if not owner:
        run.say("Next: smsreminders practice add CODE --name NAME")
    run.say(
        f"Then: smsreminders service add --practice {code} --name Notificaties --channel sms "
        "--notification-type appointment-reminder"
    )


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
