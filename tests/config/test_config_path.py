"""Where the configuration is found: option, environment, the user's folder, the machine's; never the current folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from smsreminders.config.settings import config_path

OWN = Path("smsreminders", "config.toml")
MACHINE = Path("/etc/smsreminders/config.toml")

# runs the command behind it with an /etc of its own
ON_A_MACHINE_WITH_A_CONFIGURATION = """
mount -t tmpfs tmpfs /etc && mkdir /etc/smsreminders && touch /etc/smsreminders/config.toml && exec "$@"
"""
FIND = """
import sys
from pathlib import Path
from smsreminders.config.settings import config_path

print(config_path(None, {"HOME": sys.argv[1]}))
"""


def a_config(folder: Path) -> Path:
    path = folder / OWN
    path.parent.mkdir(parents=True)
    path.touch()
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_the_option_goes_before_the_environment(tmp_path: Path, home: Path) -> None:
    a_config(home / ".config")
    environment = {"SMSREMINDERS_CONFIG": "/srv/named.toml", "HOME": str(home)}
    assert config_path(tmp_path / "option.toml", environment) == tmp_path / "option.toml"


def test_the_environment_goes_before_the_users_folder(home: Path) -> None:
    a_config(home / ".config")
    environment = {"SMSREMINDERS_CONFIG": "/srv/named.toml", "HOME": str(home)}
    assert config_path(None, environment) == Path("/srv/named.toml")


def test_a_path_from_the_option_or_the_environment_is_taken_even_if_nothing_is_there(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    assert config_path(missing, {}) == missing
    assert config_path(None, {"SMSREMINDERS_CONFIG": str(missing)}) == missing


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"XDG_CONFIG_HOME": "{home}/xdg", "HOME": "{home}"}, "xdg"),
        ({"XDG_CONFIG_HOME": "{home}/xdg"}, "xdg"),
        ({"XDG_CONFIG_HOME": "", "HOME": "{home}"}, ".config"),
        ({"XDG_CONFIG_HOME": "xdg", "HOME": "{home}"}, ".config"),  # a relative one is to be ignored
        ({"HOME": "{home}"}, ".config"),
        ({"SMSREMINDERS_CONFIG": "", "HOME": "{home}"}, ".config"),
    ],
)
def test_the_users_folder_is_that_of_xdg_or_the_one_in_the_home(
    home: Path, environment: dict[str, str], expected: str
) -> None:
    for folder in ("xdg", ".config"):
        a_config(home / folder)
    filled = {name: value.format(home=home) for name, value in environment.items()}
    assert config_path(None, filled) == home / expected / OWN


@pytest.mark.parametrize("environment", [{}, {"HOME": ""}, {"XDG_CONFIG_HOME": "xdg"}, {"HOME": "xdg"}])
def test_the_current_folder_is_never_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for folder in (tmp_path, tmp_path / ".config", tmp_path / "xdg", tmp_path / "xdg" / ".config"):
        a_config(folder)
    monkeypatch.chdir(tmp_path)
    path = config_path(None, environment)
    assert path.is_absolute()
    assert not path.resolve().is_relative_to(tmp_path)


@pytest.mark.parametrize("has_own", [True, False])
def test_the_users_own_goes_before_the_machines(home: Path, has_own: bool) -> None:
    own = home / ".config" / OWN
    if has_own:
        a_config(home / ".config")
    in_a_mount_namespace = [
        "unshare",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        ON_A_MACHINE_WITH_A_CONFIGURATION,
        "sh",
    ]
    ran = subprocess.run(
        [*in_a_mount_namespace, sys.executable, "-c", FIND, str(home)],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        pytest.skip(f"no /etc of our own on this machine: {ran.stderr.strip()}")
    assert ran.stdout == f"{own if has_own else MACHINE}\n"
