"""Sources: where an import comes from again and again, as `[[sources]]` of the configuration names them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from smsreminders.config.secret import check_mode
from smsreminders.config.table import Table


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """A source by its name: the address of its feed, which is as good as a secret, and the practice that it is of."""

    name: str
    url: str = field(repr=False)
    practice: str | None = None


def read_sources(top: Table) -> Mapping[str, SourceSettings]:
    """Read the sources by their names. Raises ConfigError."""
    sources: dict[str, SourceSettings] = {}
    for table in top.tables("sources"):
        name = table.text("name", "")
        if not name or name in sources:
            raise table.wrong("name", "each source has a name of its own")
        url = table.text("url", "")
        if not url:
            raise table.wrong("url", f'where is the feed of "{name}"? Write url = "https://host/agenda.ics"')
        check_mode(table)
        sources[name] = SourceSettings(name, url, table.text("practice", "") or None)
        table.nothing_else()
    return sources
