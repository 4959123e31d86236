"""What the tests of the configuration share: a file with this content, and the settings or the error that it gives."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from smsreminders.config.settings import Settings, read_settings
from smsreminders.config.wording import shipped_texts
from smsreminders.errors import ConfigError


def written(folder: Path, content: str | bytes, mode: int = 0o600) -> Path:
    path = folder / "config.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def settings_of(folder: Path, content: str | bytes, environment: Mapping[str, str] | None = None) -> Settings:
    return read_settings(written(folder, content), environment or {})


def error_of(folder: Path, content: str | bytes, environment: Mapping[str, str] | None = None) -> str:
    """What is said of a wrong configuration, without the path that it begins with."""
    path = written(folder, content)
    with pytest.raises(ConfigError) as raised:
        read_settings(path, environment or {})
    message = str(raised.value)
    assert message.startswith(str(path))
    return message.removeprefix(str(path))


def shipped(suffix: str, *, but: str = "") -> dict[str, str]:
    """The shipped texts of one kind by their language, but those of one language."""
    parted = ((key.partition("_"), text) for key, text in shipped_texts().items())
    return {language: text for (language, _, kind), text in parted if kind == suffix and language != but}
