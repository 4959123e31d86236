"""docs/gateways.md: each block of configuration is read as it is, the table says what each gateway can do."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from smsreminders.cli.context import Invocation
from smsreminders.config.settings import read_settings
from smsreminders.gateways.by_name import features_of, names
from smsreminders.gateways.features import NOT_SAID, Features

PAGE = (Path(__file__).parents[2] / "docs" / "gateways.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
HOSTED = [name for name in names() if name != "sandbox"]
SECRETS = {"cm": "00000000-0000-4000-8000-000000000000", "bird": "bk_eu1_made-up"}


def block_of(name: str) -> str:
    block: str
    [block] = [one for one in BLOCKS if f'name = "{name}"' in one]
    return block


def table(heading: str = "name | sends over") -> dict[str, list[str]]:
    """The cells of each gateway in the table that begins with a heading, without its name."""
    [found] = re.findall(rf"^\| {re.escape(heading)} .*\n\| --- .*\n((?:\| .*\n)+)", PAGE, re.MULTILINE)
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", found, re.MULTILINE)
    return {name: cells.split(" | ") for name, cells in rows}


def in_words(period: timedelta) -> str:
    """30 days, 46 h, 2.5 h; no."""
    if not period:
        return "no"
    days, hours = period / timedelta(days=1), period / timedelta(hours=1)
    return f"{days:g} days" if days.is_integer() and days > 3 else f"{hours:g} h"


def keys_in_words(features: Features) -> str:
    return ", ".join(f"{key.name} (optional)" if key.optional else key.name for key in features.keys)


def test_each_gateway_has_one_block_and_one_row() -> None:
    named = sorted(name for block in BLOCKS for name in re.findall(r'^name = "(\w+)"$', block, re.MULTILINE))
    assert named == sorted(table()) == HOSTED


@pytest.mark.parametrize("name", HOSTED)
@pytest.mark.parametrize("comments", ["as they are", "taken as settings"])
def test_each_block_is_read_and_opens_its_gateway(name: str, comments: str, tmp_path: Path) -> None:
    block = block_of(name)
    if comments == "taken as settings":
        block = re.sub(r"^# (?=\w+ = )", "", block, flags=re.MULTILINE)
    config = tmp_path / "config.toml"
    config.write_text(block, encoding="utf-8")
    config.chmod(0o600)
    for file in re.findall(r'^secret_file = "(.*?)"', block, re.MULTILINE):
        (tmp_path / file).write_text(SECRETS.get(name, "made-up"), encoding="utf-8")
        (tmp_path / file).chmod(0o600)
    settings = read_settings(config, {})
    own = {key.name for key in features_of(name).keys if not key.secret}
    assert settings.gateways.read().own.keys() <= own
    in_use = Invocation(lambda _: 0, config).accounts.named("").open()
    assert str(in_use.name) == name


@pytest.mark.parametrize("name", HOSTED)
def test_the_table_says_what_the_gateway_can_do(name: str) -> None:
    features = features_of(name)
    _, keys, found_by, kept, repeats, counts, credit = table()[name]
    assert keys.removesuffix("; base_url too") == keys_in_words(features)
    assert found_by.startswith("our reference" if features.finds_by_reference else "number, text and time")
    assert kept == ("72 h [?]" if features.kept == NOT_SAID else in_words(features.kept))
    assert repeats.split(",")[0] == in_words(features.repeats_for)
    told = [word for word, is_told in (("count", features.counts_segments), ("price", features.tells_price)) if is_told]
    assert counts == (", ".join(told) or "none")
    assert credit == ("yes" if features.tells_credit else "no")


def test_the_table_of_what_comes_in_says_who_hears_and_who_knows_opt_outs() -> None:
    told = {name: cells[1] != "none" for name, cells in table("name | what came in").items()}
    assert told == {name: features_of(name).knows_opt_outs for name in HOSTED if features_of(name).hears}


@pytest.mark.parametrize("name", HOSTED)
def test_each_section_says_what_is_proved_and_what_is_only_documented(name: str) -> None:
    _, _, after = PAGE.partition(block_of(name))
    section = after.partition("\n## ")[0]
    assert "*Proved:*" in section
    assert "*Documented only:*" in section


@pytest.mark.parametrize("name", [name for name in HOSTED if features_of(name).sender_ids])
def test_each_section_says_which_sender_ids_are_taken(name: str) -> None:
    _, _, after = PAGE.partition(block_of(name))
    assert "sender ID" in after.partition("\n## ")[0]
