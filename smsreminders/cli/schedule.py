"""The command `schedule`: the lines of the crontab, or the units of systemd, with the paths of this installation."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smsreminders.cli.context import Invocation, invocation
from smsreminders.errors import UsageError

if TYPE_CHECKING:
    from smsreminders.cli.units import Place
    from smsreminders.config.gateway import GatewaySettings

EXAMPLE = Path(__file__).parents[1] / "crontab.example"
CREDENTIALS = Path("/etc/smsreminders/credentials")  # root's: the user of the program needn't be able to read it
_PATH, _MAIL = "PATH=/opt/smsreminders/.venv/bin:", "MAILTO="
_OURS = "# Written by `smsreminders schedule --systemd`"
_UNIT_NAME = re.compile("smsreminders(-[a-z0-9]+)*")


def schedule(
    context: typer.Context,
    *,
    systemd: Annotated[bool, typer.Option("--systemd", help="Services and timers of systemd.")] = False,
    output: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Put the units into this folder, such as /etc/systemd/system.")
    ] = None,
    name: Annotated[
        str, typer.Option(metavar="NAME", help="What the units are called; each of several configurations its own.")
    ] = "smsreminders",
) -> None:
    """Print the lines of the crontab with the paths of this installation.

    What each of them does stands above it. They are for the user who owns the configuration (`crontab -e`); whoever has
    nothing else in their crontab pipes them into `crontab -`. Times are the machine's.

    With --systemd it prints the units that do the same, or puts them into a folder. They run as the owner of the
    database, at the times of the practice's zone, and may write to its folder only.

    Example: smsreminders schedule --systemd --output /etc/systemd/system
    """
    run = invocation(context)
    if systemd:
        _units(run, name, output)
    elif output or name != "smsreminders":
        raise UsageError("--output and --name are for units: add --systemd")
    else:
        _crontab(run)


def _crontab(run: Invocation) -> None:
    from smsreminders.cli.show.output import write

    text = EXAMPLE.read_text(encoding="utf-8")
    text = text.replace(_PATH, f"PATH={Path(sys.executable).parent}:", 1)
    variables = "".join(f"{key}={value}\n" for key, value in _environment(run).items())
    write(text.replace(_MAIL, variables + _MAIL, 1))


def _environment(run: Invocation) -> dict[str, str]:
    """What the environment of cron and of systemd must have."""
    environment = {"SMSREMINDERS_CONFIG": str(run.settings.path.absolute())}
    if os.environ.get("SMSREMINDERS_DATABASE"):  # which theirs doesn't have
        environment["SMSREMINDERS_DATABASE"] = str(run.settings.database)
    return environment


def _units(run: Invocation, name: str, output: Path | None) -> None:
    from smsreminders.cli.show.output import write
    from smsreminders.cli.units import RECURRING, units

    if not _UNIT_NAME.fullmatch(name):
        raise UsageError(
            f'--name {name}: units are called "smsreminders", or "smsreminders-" and small letters and digits'
        )
    place = _place(run, name)
    files = units(place)
    if any(gateway.secret.variable for _, gateway in _accounts(run)):
        run.say("Take secret_env out of the configuration: what it names isn't there under systemd.")
    for credential, file in place.credentials.items():
        run.say(f"Put the secret {credential} into {file}, which root alone can read (chmod 600).")
    if place.user == "root":
        run.say(
            "The database is root's, so root would run this: give its folder and all in it to a user of its own first."
        )
    if output is None:
        write("\n".join(f"# {file}\n{text}" for file, text in files.items()))
        return
    _put(output, files)
    timers = " ".join(f"{name}-{recurring.name}.timer" for recurring in RECURRING)
    run.say(f"Wrote {len(files)} units to {output}. Then: systemctl daemon-reload && systemctl enable --now {timers}")


def _put(folder: Path, files: dict[str, str]) -> None:
    """Write the units into a folder, all or none of them where one would replace what isn't ours. Raises UsageError."""
    for file in files:
        path = folder / file
        if path.exists() and not path.read_text(encoding="utf-8", errors="replace").startswith(_OURS):
            raise UsageError(f"{path} was not written by this command: it stays as it is; move it away, or take --name")
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
        (folder / file).chmod(0o644)  # as systemd wants a unit


def _place(run: Invocation, name: str) -> "Place":
    from smsreminders.cli.units import Place
    from smsreminders.store.ownership import name_of, user_of_cron

    settings = run.settings
    user, _ = user_of_cron([settings.path, settings.database])
    return Place(
        name=name,
        program=Path(sys.executable).with_name("smsreminders"),
        user=name_of(user),
        database=settings.database,
        zone=str(settings.schedule.zone),
        environment=_environment(run),
        credentials={credential: CREDENTIALS / f"{name}.{credential}" for credential in _credentials(run)},
        writable=list(_writable(run)),
    )


def _credentials(run: Invocation) -> Iterator[str]:
    """Name the secrets of the accounts that stand neither in the configuration nor in a file of their own."""
    from smsreminders.gateways.by_name import features_of

    for account, gateway in _accounts(run):
        for key in features_of(gateway.name).keys:
            if key.secret and not (key.name in gateway.own or gateway.secret.file):
                yield f"{account}.{key.name}" if account else key.name


def _writable(run: Invocation) -> Iterator[Path]:
    """Find the folders that a run writes to besides the database's: of messages to move, and of Gammu SMSD."""
    for source in run.settings.sources.values():
        if source.move:
            yield Path(source.path)
    for _, gateway in _accounts(run):
        if gateway.name == "gammu" and "database" in gateway.own:
            yield (run.settings.database.parent / gateway.own["database"]).parent


def _accounts(run: Invocation) -> "Iterator[tuple[str, GatewaySettings]]":
    gateways = run.settings.gateways
    return ((account, gateways.read(account)) for account in gateways.names)
