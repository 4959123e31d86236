"""The settings of a gateway, and its secret: in the configuration, in a file of its own, or in the environment."""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from smsreminders.config.table import Table
from smsreminders.errors import ConfigError

_SECRETS = ("api_key", "auth_token", "product_token", "password")
_SETTLES_AT_LEAST = timedelta(minutes=1)
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """The checked settings of a gateway: its name, address and speed; `own` holds the keys that only it knows.

    `connections` and `per_second` are None where the file leaves them to the gateway.
    """

    name: str
    base_url: str | None
    timeout: timedelta
    connections: int | None
    per_second: int | None
    settle_time: timedelta
    own: Mapping[str, str] = field(repr=False)
    secret: str | None = field(repr=False)


def read_gateway(table: Table, environment: Mapping[str, str]) -> GatewaySettings:
    """Read the table [gateway]. Raises ConfigError, also if other users can read a file that holds a secret."""
    if table.has_any(_SECRETS) and table.path.stat().st_mode & _OTHERS:
        raise ConfigError(f"{table.path} holds a secret, and others can read it: run `chmod 600 {table.path}`")
    settings = GatewaySettings(
        name=table.text("name", "sandbox"),
        base_url=table.text("base_url", "") or None,
        timeout=table.duration("timeout", "10s", longest=timedelta(minutes=2)),
        connections=_maybe_integer(table, "connections", most=256),
        per_second=_maybe_integer(table, "per_second", most=10_000),
        settle_time=table.duration("settle_time", "10m", longest=timedelta(days=1)),
        secret=_secret(table, environment),
        own=table.texts(),  # what is left is the gateway's own to check
    )
    if settings.timeout <= timedelta():
        raise table.wrong("timeout", "it must be longer than nothing")
    if settings.settle_time < _SETTLES_AT_LEAST:
        raise table.wrong("settle_time", "at least 1m: lists lag, and what they don't show yet would be sent again")
    return settings


def _maybe_integer(table: Table, key: str, *, most: int) -> int | None:
    return table.integer(key, 1, least=1, most=most) if table.has_any((key,)) else None


def _secret(table: Table, environment: Mapping[str, str]) -> str | None:
    file, variable = table.text("secret_file", ""), table.text("secret_env", "")
    credentials = environment.get("CREDENTIALS_DIRECTORY")
    if file:
        return _read_secret(table, "secret_file", table.path.parent / file)
    if variable:
        if not environment.get(variable):
            raise table.wrong("secret_env", f"the environment variable {variable} is not set")
        return environment[variable]
    if credentials:
        return _credential(table, Path(credentials))
    return None


def _credential(table: Table, folder: Path) -> str | None:
    """Read the secret from systemd's folder of credentials (systemd.exec(5), LoadCredential=), or None.

    The folder's own mode keeps others out, so the mode of the file doesn't count.
    """
    try:
        path = next((folder / name for name in _SECRETS if (folder / name).is_file()), None)
    except OSError as error:
        raise table.wrong("secret_file", f"{folder} can't be read") from error
    return None if path is None else _read_secret(table, "secret_file", path, others=0)


def _read_secret(table: Table, key: str, path: Path, *, others: int = _OTHERS) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise table.wrong(key, f"{path} can't be read") from error
    if mode & others:
        raise table.wrong(key, f"others can read {path}: run `chmod 600 {path}`")
    if not secret:
        raise table.wrong(key, f"{path} is empty")
    return secret
