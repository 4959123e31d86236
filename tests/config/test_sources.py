"""The sources of the configuration: each with a name of its own, and an address that others can't read."""

from pathlib import Path

import pytest

from smsreminders.config.settings import read_settings
from smsreminders.config.sources import SourceSettings
from smsreminders.errors import ConfigError

AGENDA = '[[sources]]\nname = "agenda"\nurl = "https://host/5f3c.ics"\n'


def sources_of(folder: Path, text: str, mode: int = 0o600) -> list[SourceSettings]:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return list(read_settings(path, {}).sources.values())


def test_a_source_has_a_name_an_address_and_perhaps_a_practice(tmp_path: Path) -> None:
    assert sources_of(tmp_path, "") == []
    second = AGENDA.replace("agenda", "noord") + 'practice = "eik"\n'
    assert sources_of(tmp_path, AGENDA + second) == [
        SourceSettings("agenda", "https://host/5f3c.ics"),
        SourceSettings("noord", "https://host/5f3c.ics", "eik"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (AGENDA + AGENDA, "sources.name: each source has a name of its own"),
        ('[[sources]]\nurl = "https://host/a"\n', "sources.name: each source has a name of its own"),
        ('[[sources]]\nname = "agenda"\n', 'sources.url: where is the feed of "agenda"?'),
        (AGENDA + 'adress = "x"\n', "sources.adress: unknown key"),
        ("sources = 1\n", "sources: it is a list of tables: write [[sources]]"),
        ("sources = [1]\n", "sources: it is a list of tables: write [[sources]]"),
    ],
)
def test_a_source_that_is_written_wrongly_is_told(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ConfigError) as raised:
        sources_of(tmp_path, text)
    assert reason in str(raised.value)


def test_an_address_that_others_can_read_is_refused_and_none_is_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds a secret, and others can read it"):
        sources_of(tmp_path, AGENDA, 0o644)
    assert "5f3c" not in repr(sources_of(tmp_path, AGENDA))
