"""Where the configuration and the database come from: the option, then the environment, then the file; never here."""

from pathlib import Path

from smsreminders.cli.context import Invocation
from tests.cli.running import Program
from tests.gateways.fake_spryng import FakeSpryng
from tests.gateways.smsd import Smsd


def a_practice(program: Program, name: str) -> Path:
    """Another configuration with one practice of this name."""
    config = program.home / f"{name}.toml"
    program.does(f"--config {config} init --practice {name} --database {name}.db")
    return config


def practices(program: Program, options: str = "", **environment: str) -> list[str]:
    return [line.split("\t")[0] for line in program.does(f"{options} practice list", **environment).splitlines()]


def test_the_option_goes_before_the_environment_and_that_before_the_users_own(linde: Program) -> None:
    eik, els = a_practice(linde, "eik"), a_practice(linde, "els")
    assert practices(linde) == ["linde"]
    assert practices(linde, SMSREMINDERS_CONFIG=str(eik)) == ["eik"]
    assert practices(linde, f"--config {els}", SMSREMINDERS_CONFIG=str(eik)) == ["els"]


def test_the_users_own_stands_in_the_xdg_folder_where_that_is_named(linde: Program) -> None:
    folder = linde.home / "xdg" / "smsreminders"
    folder.mkdir(parents=True)
    a_practice(linde, "eik").rename(folder / "config.toml")
    assert practices(linde, XDG_CONFIG_HOME=str(folder.parent)) == ["eik"]


def test_the_databases_variable_goes_before_the_file(linde: Program) -> None:
    a_practice(linde, "eik")
    assert practices(linde, SMSREMINDERS_DATABASE=str(linde.home / "eik.db")) == ["eik"]


def test_the_current_folder_is_never_looked_at(program: Program) -> None:
    for place in (program.home / "config.toml", program.home / "smsreminders" / "config.toml"):
        program.does(f"--config {place} init --practice Linde")
    ended = program("practice list")
    assert ended.code == 78
    assert ended.said == [f"smsreminders: {program.config}: there is no configuration; run `smsreminders init`"]


def test_without_a_home_the_configuration_is_named(linde: Program) -> None:
    assert practices(linde, HOME="", SMSREMINDERS_CONFIG=str(linde.config)) == ["linde"]


def test_a_secret_comes_from_where_the_configuration_says(linde: Program) -> None:
    secret = linde.home / "secret"
    folder = linde.home / "credentials"
    folder.mkdir()
    for file in (secret, folder / "api_key"):
        file.write_text("canary-key\n")
        file.chmod(0o600)

    def gateway(**environment: str) -> str:
        checks = linde("doctor --json", **environment).json
        return next(str(check["verdict"]) for check in checks if check["check"] == "gateway")

    with FakeSpryng(api_key="canary-key") as spryng:
        base = f'[gateway]\nname = "spryng"\nbase_url = "{spryng.url}"\naccount_reference = "SPNL0000001"\n'
        linde.configure(base)
        assert gateway() == "wrong"
        assert gateway(CREDENTIALS_DIRECTORY=str(folder)) == "ok"
        linde.configure(f'{base}secret_file = "{secret}"\n')
        assert gateway() == "ok"
        linde.configure(f'{base}secret_env = "SPRYNG_KEY"\n')
        assert gateway(SPRYNG_KEY="canary-key") == "ok"
        assert gateway(SPRYNG_KEY="another-key") == "wrong"
        linde.configure(f'{base}api_key = "canary-key"\n')
        assert gateway() == "ok"


def test_a_file_with_a_secret_that_others_can_read_is_refused(linde: Program) -> None:
    linde.configure('[gateway]\nname = "spryng"\napi_key = "canary-key"\n')
    linde.config.chmod(0o640)
    ended = linde("dispatch")
    assert ended.code == 78
    assert ended.said == [
        f"smsreminders: {linde.config} holds a secret, and others can read it: run `chmod 600 {linde.config}`"
    ]


def test_another_moment_than_now_is_refused_with_a_modem_whatever_its_address(linde: Program, tmp_path: Path) -> None:
    Smsd(tmp_path / "smsd.db")
    for line in ("", 'base_url = "http://localhost:1"\n'):
        linde.configure(f'[gateway]\nname = "gammu"\ndatabase = "{tmp_path / "smsd.db"}"\n{line}')
        ended = linde("gateway test 0687654321")
        assert (ended.code, len(ended.said)) == (78, 1)
    assert "gateway.base_url" in ended.err


def test_how_fast_it_goes_is_the_gateways_own_unless_the_configuration_says_it(linde: Program) -> None:
    def speed(lines: str) -> tuple[int, float]:
        linde.configure(f'[gateway]\nname = "spryng"\napi_key = "canary"\naccount_reference = "SPNL1"\n{lines}')
        run = Invocation(lambda _: 0, linde.config)
        account = run.accounts.named("").open()
        return account.connections, account.per_second

    assert speed("") == (8, 50)
    assert speed("connections = 2\nper_second = 7\n") == (2, 7)
