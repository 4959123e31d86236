"""The secret of an account: in the configuration, in a file of its own, in the environment, or from systemd."""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smsreminders.config.table import Table
from smsreminders.errors import ConfigError

SECRETS = ("api_key", "auth_token", "product_token", "password")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Secret:
    """Where the secret of an account stands; it is read when the account is opened.

    An account of a name has its own credentials of systemd: those whose names begin with it, as in `noord.api_key`.
    """

    table: Table = field(repr=False, compare=False)
    account: str
    file: str
    variable: str
    environment: Mapping[str, str] = field(repr=False)

    @classmethod
    def read_from(cls, table: Table, account: str, environment: Mapping[str, str]) -> "Secret":
        """Read where it stands. Raises ConfigError, also if others can read a configuration that holds it."""
        if table.has_any(SECRETS):
            check_mode(table)
        return cls(table, account, table.text("secret_file", ""), table.text("secret_env", ""), environment)

    def value(self) -> str | None:
        """Read the secret; None where it stands in the configuration itself, or nowhere. Raises ConfigError."""
        if self.file:
            return _read(self.table, "secret_file", self.table.path.parent / self.file)
        if self.variable:
            if not self.environment.get(self.variable):
                raise self.table.wrong("secret_env", f"the environment variable {self.variable} is not set")
            return self.environment[self.variable]
        credentials = self.environment.get("CREDENTIALS_DIRECTORY")
        return self._credential(Path(credentials)) if credentials else None

    def _credential(self, folder: Path) -> str | None:
        """Read the secret from systemd's folder of credentials (systemd.exec(5), LoadCredential=), or None.

        The folder's own mode keeps others out, so the mode of the file doesn't count.
        """
        prefix = f"{self.account}." if self.account else ""
        try:
            path = next((folder / (prefix + name) for name in SECRETS if (folder / (prefix + name)).is_file()), None)
        except OSError as error:
            raise self.table.wrong("secret_file", f"{folder} can't be read") from error
        return None if path is None else _read(self.table, "secret_file", path, others=0)


def check_mode(table: Table) -> None:
    """Refuse a configuration that holds a secret and that others can read. Raises ConfigError."""
    if table.path.stat().st_mode & _OTHERS:
        raise ConfigError(f"{table.path} holds a secret, and others can read it: run `chmod 600 {table.path}`")


def _read(table: Table, key: str, path: Path, *, others: int = _OTHERS) -> str:
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
