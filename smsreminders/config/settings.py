"""Settings: the whole configuration file, read and checked. A setting is checked here or in the domain.

An unknown key is an error that names the nearest; durations and money are text. Nothing is read from the current
directory, for cron's is another.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from smsreminders.config.files import ImportSettings, read_import
from smsreminders.config.gateway import Gateways, read_gateways
from smsreminders.config.practices import read_general, read_practices
from smsreminders.config.retention import read_retention
from smsreminders.config.sources import SourceSettings, read_sources
from smsreminders.config.table import Table
from smsreminders.domain.agenda.nesting import check_nesting
from smsreminders.domain.bill.billing import MoneyTerms, read_currency, read_percentage
from smsreminders.domain.keep.retention import Retention
from smsreminders.domain.practices import check_language
from smsreminders.domain.round.practice_rules import PracticeRules
from smsreminders.domain.round.window import Schedule
from smsreminders.domain.text.message import Wording
from smsreminders.errors import ConfigError, UsageError


@dataclass(frozen=True, slots=True)
class MonitoringSettings:
    """What monitoring expects: the local time by which a round has run, and a URL that hears of each start and end."""

    round_by: time
    ping_url: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the configuration, checked."""

    path: Path
    database: Path
    general: PracticeRules
    practices: Mapping[str, PracticeRules]
    imports: ImportSettings
    sources: Mapping[str, SourceSettings]
    gateways: Gateways
    give_up_after: timedelta
    billing: MoneyTerms
    monitoring: MonitoringSettings
    retention: Retention

    @property
    def schedule(self) -> Schedule:
        """The general schedule; a practice may have one of its own."""
        return self.general.schedule

    @property
    def wording(self) -> Wording:
        """The general texts; a practice may have some of its own."""
        return self.general.wording

    def rules_of(self, code: str) -> PracticeRules:
        """Give the rules that hold for the practice of this code."""
        return self.practices.get(code, self.general)


def config_path(option: Path | None, environment: Mapping[str, str]) -> Path:
    """The path of the configuration: by the option, the environment, or the first that exists of two places.

    The places are the user's own folder and /etc. What the option or the environment names is taken as it is.
    """
    if option is not None:
        return option
    if named := environment.get("SMSREMINDERS_CONFIG"):
        return Path(named)
    home = Path(environment.get("XDG_CONFIG_HOME") or "")
    if not home.is_absolute():  # as the XDG Base Directory Specification wants it
        home = Path("/") / environment.get("HOME", "") / ".config"
    own = home / "smsreminders" / "config.toml"
    machine = Path("/etc/smsreminders/config.toml")
    return machine if machine.is_file() and not own.is_file() else own


def read_settings(path: Path, environment: Mapping[str, str]) -> Settings:
    """Read the settings of a file; SMSREMINDERS_DATABASE goes before its `database`. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # an editor of Windows may put a byte order mark before it
        check_nesting(text)
        values = tomllib.loads(text)
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: there is no configuration; run `smsreminders init`") from error
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path} is not TOML: line {line} is no UTF-8: save the file as UTF-8") from error
    except ValueError as error:  # tomllib lets int's own through
        raise ConfigError(f"{path} is not TOML: {str(error).splitlines()[0]}") from error
    return _settings(values, path, environment)


def usual_settings(path: Path, environment: Mapping[str, str]) -> Settings:
    """Give the settings of an empty configuration."""
    return _settings({}, path, environment)


def _settings(values: dict[str, Any], path: Path, environment: Mapping[str, str]) -> Settings:
    top = Table(values, path)
    database = path.parent / top.text("database", "smsreminders.db")
    language = _language(top)
    general = read_general(top, language)
    settings = Settings(
        path=path,
        database=Path(environment.get("SMSREMINDERS_DATABASE") or database).absolute(),
        general=general,
        practices=read_practices(top, general),
        imports=read_import(top.table("import")),
        sources=read_sources(top, environment.get("HOME", "")),
        gateways=read_gateways(top, environment),
        give_up_after=_poll(top.table("poll")),
        billing=_billing(top.table("billing")),
        monitoring=_monitoring(top.table("monitoring")),
        retention=read_retention(top.table("retention")),
    )
    top.nothing_else()
    return settings


def _language(top: Table) -> str:
    try:
        return check_language(top.text("language", "nl"))
    except UsageError as error:
        raise top.wrong("language", str(error)) from error


def _poll(table: Table) -> timedelta:
    give_up_after = table.duration("give_up_after", "72h", longest=timedelta(days=30))
    table.nothing_else()
    return give_up_after


def _billing(table: Table) -> MoneyTerms:
    settings = MoneyTerms(
        rate=table.money("rate", "0.10"),
        currency=table.read("currency", "EUR", read_currency),
        vat=table.read("vat", "21", read_percentage),
    )
    table.nothing_else()
    return settings


def _monitoring(table: Table) -> MonitoringSettings:
    settings = MonitoringSettings(table.clock_time("round_by", "10:00"), table.text("ping_url", "") or None)
    table.nothing_else()
    return settings
