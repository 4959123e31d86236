"""The gateway of the configuration and its secret: from the file or outside it, for its owner only, and never shown."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from smsreminders.config.settings import Settings, read_settings
from smsreminders.errors import ConfigError
from tests.config.files import error_of, settings_of, written
from tests.store.files import bound_by_modes

CANARY = "geheim-9f8e7d"
NAMES = ["api_key", "auth_token", "product_token", "password"]


def secret_error(folder: Path, content: str, environment: Mapping[str, str] | None = None) -> str:
    """What is said of a secret that can't be read, without the path that it begins with."""
    settings = settings_of(folder, content, environment)
    with pytest.raises(ConfigError) as raised:
        settings.gateways.read().secret.value()
    return str(raised.value).removeprefix(str(settings.path))


def a_secret(folder: Path, name: str = "secret", content: str | bytes = CANARY, mode: int = 0o600) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error with what it comes from, as a trace shows them."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def test_the_gateways_own_keys_are_left_to_it(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, '[gateway]\nname = "spryng"\naccount_reference = "SPNL1"\ntimeot = "10s"')
    assert settings.gateways.read().own == {"account_reference": "SPNL1", "timeot": "10s"}


@pytest.mark.parametrize("name", NAMES)
def test_a_secret_may_stand_in_a_file_of_its_owner_only(tmp_path: Path, name: str) -> None:
    settings = settings_of(tmp_path, f'[gateway]\n{name} = "{CANARY}"')
    assert (settings.gateways.read().own, settings.gateways.read().secret.value()) == ({name: CANARY}, None)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_secret_in_a_file_that_others_can_reach_is_refused(tmp_path: Path, name: str, mode: int) -> None:
    path = written(tmp_path, f'[gateway]\n{name} = "{CANARY}"', mode=mode)
    with pytest.raises(ConfigError) as raised:
        read_settings(path, {})
    assert str(raised.value) == f"{path} holds a secret, and others can read it: run `chmod 600 {path}`"


def test_a_file_without_a_secret_may_be_read_by_others(tmp_path: Path) -> None:
    path = written(tmp_path, '[gateway]\nname = "spryng"', mode=0o644)
    assert read_settings(path, {}).gateways.read().name == "spryng"


# In a file of its own


@pytest.mark.parametrize("content", [CANARY, f"{CANARY}\n", f"  {CANARY}\r\n\n"])
def test_a_secret_file_stands_beside_the_configuration_and_is_read_without_its_blanks(
    tmp_path: Path, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_secret(tmp_path, content=content)
    monkeypatch.chdir("/")
    assert settings_of(tmp_path, '[gateway]\nsecret_file = "secret"').gateways.read().secret.value() == CANARY


def test_a_secret_file_may_stand_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = a_secret(elsewhere)
    assert settings_of(tmp_path, f'[gateway]\nsecret_file = "{path}"').gateways.read().secret.value() == CANARY


def test_a_secret_file_with_others_rights_is_refused(tmp_path: Path) -> None:
    path = a_secret(tmp_path, mode=0o644)
    message = secret_error(tmp_path, '[gateway]\nsecret_file = "secret"')
    assert message == f": gateway.secret_file: others can read {path}: run `chmod 600 {path}`"


@pytest.mark.parametrize("content", [b"", b" \n", b"\t"])
def test_an_empty_secret_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = a_secret(tmp_path, content=content)
    assert secret_error(tmp_path, '[gateway]\nsecret_file = "secret"') == f": gateway.secret_file: {path} is empty"


@pytest.mark.parametrize("name", ["missing", ".", "missing/secret"])
def test_a_secret_file_that_is_no_file_is_an_error(tmp_path: Path, name: str) -> None:
    message = secret_error(tmp_path, f'[gateway]\nsecret_file = "{name}"')
    assert message == f": gateway.secret_file: {tmp_path / name} can't be read"


def test_a_secret_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    path = a_secret(tmp_path, content=b"\xff\xfe")
    assert secret_error(tmp_path, '[gateway]\nsecret_file = "secret"') == f": gateway.secret_file: {path} can't be read"


def test_a_secret_file_with_an_impossible_name_is_an_error(tmp_path: Path) -> None:
    message = secret_error(tmp_path, '[gateway]\nsecret_file = "a\\u0000b"')
    assert message == f": gateway.secret_file: {tmp_path}/a b can't be read"


# In the environment


def test_a_secret_may_stand_in_a_variable_that_the_file_names(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, '[gateway]\nsecret_env = "SPRYNG"', {"SPRYNG": CANARY})
    assert settings.gateways.read().secret.value() == CANARY


@pytest.mark.parametrize("environment", [{}, {"SPRYNG": ""}])
def test_a_variable_that_is_not_set_is_an_error(tmp_path: Path, environment: dict[str, str]) -> None:
    message = secret_error(tmp_path, '[gateway]\nsecret_env = "SPRYNG"', environment)
    assert message == ": gateway.secret_env: the environment variable SPRYNG is not set"


def test_without_a_word_of_a_secret_there_is_none(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "", {"SPRYNG_API_KEY": CANARY, "api_key": CANARY})
    assert settings.gateways.read().secret.value() is None


# In the credentials of systemd


@pytest.mark.parametrize("name", NAMES)
def test_a_secret_may_stand_in_the_folder_of_credentials(tmp_path: Path, name: str) -> None:
    a_secret(tmp_path, name, mode=0o400)
    assert settings_of(tmp_path, "", {"CREDENTIALS_DIRECTORY": str(tmp_path)}).gateways.read().secret.value() == CANARY


def test_other_credentials_are_left_alone(tmp_path: Path) -> None:
    a_secret(tmp_path, "tls_key")
    assert settings_of(tmp_path, "", {"CREDENTIALS_DIRECTORY": str(tmp_path)}).gateways.read().secret.value() is None


@pytest.mark.parametrize("folder", ["", "/missing"])
def test_a_folder_of_credentials_that_is_not_there_has_none(tmp_path: Path, folder: str) -> None:
    assert settings_of(tmp_path, "", {"CREDENTIALS_DIRECTORY": folder}).gateways.read().secret.value() is None


@pytest.mark.parametrize("key", ["secret_file", "secret_env"])
def test_what_the_file_names_goes_before_the_credentials(tmp_path: Path, key: str) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    a_secret(credentials, "api_key", content="another")
    a_secret(tmp_path, "SECRET")
    environment = {"CREDENTIALS_DIRECTORY": str(credentials), "SECRET": CANARY}
    assert settings_of(tmp_path, f'[gateway]\n{key} = "SECRET"', environment).gateways.read().secret.value() == CANARY


def test_a_credential_with_the_mode_that_systemd_gives_it_is_read(tmp_path: Path) -> None:
    """With User= systemd gives the right to read by an ACL, whose mask shows as 0440 (systemd's issue 29435)."""
    a_secret(tmp_path, "api_key", mode=0o440)
    assert settings_of(tmp_path, "", {"CREDENTIALS_DIRECTORY": str(tmp_path)}).gateways.read().secret.value() == CANARY


def test_a_folder_of_credentials_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    credentials = tmp_path / "credentials"
    credentials.mkdir(mode=0o000)
    settings = read_settings(path, {"CREDENTIALS_DIRECTORY": str(credentials)})
    with bound_by_modes(), pytest.raises(ConfigError) as raised:
        settings.gateways.read().secret.value()
    assert str(raised.value) == f"{path}: gateway.secret_file: {credentials} can't be read"


# Never shown


def settings_with_the_secret_in(place: str, folder: Path) -> Settings:
    if place == "credentials":
        a_secret(folder, "api_key")
        return settings_of(folder, "", {"CREDENTIALS_DIRECTORY": str(folder)})
    content = {
        "file": f'api_key = "{CANARY}"',
        "secret_file": 'secret_file = "secret"',
        "secret_env": 'secret_env = "SECRET"',
    }[place]
    a_secret(folder)
    return settings_of(folder, f"[gateway]\n{content}", {"SECRET": CANARY})


@pytest.mark.parametrize("place", ["file", "secret_file", "secret_env", "credentials"])
def test_settings_do_not_show_their_secret(tmp_path: Path, place: str) -> None:
    settings = settings_with_the_secret_in(place, tmp_path)
    assert CANARY in {settings.gateways.read().secret.value(), settings.gateways.read().own.get("api_key")}
    shown = f"{settings!r} {settings} {settings.gateways.read()!r} {settings.gateways}"
    assert CANARY not in shown


@pytest.mark.parametrize(
    "content",
    [
        f'[gateway]\napi_key = "{CANARY}"\ntimeout = 10',
        f'[gateway]\napi_key = "{CANARY}"\nname = 1',
        f'[gateway]\napi_key = ["{CANARY}"]',
        f'[gateway]\napi_key = {{ key = "{CANARY}" }}',
        f'[gateway]\napi_key = "{CANARY}"\n[poll]\nx = 1',
        f'[gateway]\napi_key = "{CANARY}"\napi_key = "{CANARY}"',
        f"[gateway]\napi_key = {CANARY}",
        f'[gateway]\napi_key = "{CANARY}',
        f'[gateway]\napi_key = "{CANARY}" x',
        f'api_key = "{CANARY}"',
        f'[gatway]\napi_key = "{CANARY}"',
        '[gateway]\nsecret_file = "secret"\ntimeout = 10',
        '[gateway]\nsecret_env = "SECRET"\n[schedule]\nx = 1',
    ],
)
@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_no_error_shows_the_secret(tmp_path: Path, content: str, mode: int) -> None:
    a_secret(tmp_path, mode=mode)
    path = written(tmp_path, content, mode=mode)
    with pytest.raises(ConfigError) as raised:
        read_settings(path, {"SECRET": CANARY})
    assert [error for error in chain(raised.value) if CANARY in f"{error!r} {error}"] == []


# Several accounts

TWO = '[gateway]\nname = "spryng"\n[gateways.noord]\nname = "cm"\nper_second = 7\nsecret_file = "noord"\n'


def test_each_account_has_its_own_settings(tmp_path: Path) -> None:
    gateways = settings_of(tmp_path, TWO).gateways
    assert gateways.names == ["", "noord"]
    assert [(gateways.read(name).name, gateways.read(name).per_second) for name in gateways.names] == [
        ("spryng", None),
        ("cm", 7),
    ]


def test_without_any_account_there_is_the_sandbox_and_with_named_ones_only_those(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "").gateways.read().name == "sandbox"
    gateways = settings_of(tmp_path, "[gateways.noord]").gateways
    assert gateways.names == ["noord"]
    with pytest.raises(ConfigError, match=r"there is no \[gateway\], only \[gateways.NAME\]"):
        gateways.read()


def test_a_secret_that_is_missing_is_told_to_who_uses_that_account_only(tmp_path: Path) -> None:
    gateways = settings_of(tmp_path, TWO).gateways
    assert gateways.read("").secret.value() is None
    with pytest.raises(ConfigError) as raised:
        gateways.read("noord").secret.value()
    assert str(raised.value) == f"{tmp_path}/config.toml: gateways.noord.secret_file: {tmp_path}/noord can't be read"


def test_what_is_wrong_in_a_named_account_is_told_to_who_uses_it_only(tmp_path: Path) -> None:
    gateways = settings_of(tmp_path, "[gateways.noord]\ntimeout = 10").gateways
    with pytest.raises(ConfigError, match=r"gateways\.noord\.timeout: write it as text"):
        gateways.read("noord")


def test_a_credential_of_systemd_is_an_accounts_own(tmp_path: Path) -> None:
    a_secret(tmp_path, "api_key", content="of the main one")
    a_secret(tmp_path, "noord.api_key")
    gateways = settings_of(tmp_path, "[gateway]\n[gateways.noord]", {"CREDENTIALS_DIRECTORY": str(tmp_path)}).gateways
    assert [gateways.read(name).secret.value() for name in gateways.names] == ["of the main one", CANARY]


def test_an_account_that_there_is_not_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='there is no account "nord"; did you mean "noord"'):
        settings_of(tmp_path, TWO).gateways.read("nord")


@pytest.mark.parametrize("name", ['"no ord"', '""', "-noord", '"' + "n" * 41 + '"', '"a.b"'])
def test_the_name_of_an_account_is_checked(tmp_path: Path, name: str) -> None:
    assert "the name of an account is at most 40" in error_of(tmp_path, f"[gateways.{name}]")


def test_an_account_is_a_table(tmp_path: Path) -> None:
    assert error_of(tmp_path, '[gateways]\nnoord = "cm"') == ": gateways.noord: it is a table: write [gateways.noord]"
