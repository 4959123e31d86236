"""The GSM-7 tables against the standard's facts, and our replacements against what other SMS tools replace."""

import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

from smsreminders.domain.alphabet import GSM7_BASIC, GSM7_EXTENSION, PLAIN_LETTERS, TYPOGRAPHY

GSM7 = GSM7_BASIC | GSM7_EXTENSION
OURS = {**TYPOGRAPHY, **PLAIN_LETTERS}

ONE_SEPTET = (
    "èéÉàùìòäöüñÄÖÜÑÇßæÆøØåÅ@!\"#%&'()*+,-./:;<=>?£$¥§¿¡¤_\n\rΔΦΓΛΩΠΨΣΘΞ 0123456789"
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
TWO_SEPTETS = "€[]{}\\~^|\f"
OUTSIDE = (
    "ëïËÏáóíúâêîôûçãõýÿĳĲœÀÈÌÒÙÁÍÓÚšžłşğı‘’“”–—…•\u00a0\t`°½©\u200b\u00ad😀"
    "\x1b\u2126\u212b\u0391\u0392\u0395"  # ESC, OHM SIGN, ANGSTROM SIGN and Greek look-alikes
)

# Ours, but no tool of the table does it, each with the reason why it is right all the same.
NOT_IN_THE_TABLE = {"\u1680": "OGHAM SPACE MARK: a space (category Zs), as all the others are"}


def replacements_of_others() -> dict[int, set[str]]:
    lines = (Path(__file__).parents[1] / "data" / "transliteration.tsv").read_text(encoding="utf-8").split("\n")
    table = defaultdict(set)
    for codepoint, _, replacement, *_ in (line.split("\t") for line in lines[1:] if line):
        table[int(codepoint.replace("U+", "0x"), 0)].add(
            "" if replacement == "(removed)" else replacement.replace("␠", " ")
        )
    return table


OTHERS = replacements_of_others()


def name(codepoint: int) -> str:
    return f"U+{codepoint:04X}"


def test_the_basic_table_has_127_characters_without_escape() -> None:
    assert len(GSM7_BASIC) == 127


def test_the_extension_table_has_10_characters() -> None:
    assert len(GSM7_EXTENSION) == 10


def test_no_character_is_in_both_tables() -> None:
    assert not GSM7_BASIC & GSM7_EXTENSION


def test_the_basic_table_is_the_one_of_the_standard() -> None:
    assert set(GSM7_BASIC) == set(ONE_SEPTET)


def test_the_extension_table_is_the_one_of_the_standard() -> None:
    assert set(GSM7_EXTENSION) == set(TWO_SEPTETS)


@pytest.mark.parametrize("character", OUTSIDE, ids=[name(ord(c)) for c in OUTSIDE])
def test_what_the_standard_leaves_out_is_in_neither_table(character: str) -> None:
    assert character not in GSM7


@pytest.mark.parametrize("codepoint", sorted(OURS), ids=name)
def test_each_replacement_is_one_that_another_tool_uses(codepoint: int) -> None:
    if chr(codepoint) in NOT_IN_THE_TABLE:
        assert codepoint not in OTHERS
    else:
        assert OURS[codepoint] in OTHERS[codepoint]


@pytest.mark.parametrize("codepoint", sorted(OURS), ids=name)
def test_each_replacement_is_written_in_gsm7(codepoint: int) -> None:
    assert set(OURS[codepoint]) <= GSM7


def test_nothing_that_gsm7_has_is_ever_replaced() -> None:
    assert not set(map(chr, OURS)) & GSM7


def test_no_character_has_two_replacements() -> None:
    assert not TYPOGRAPHY.keys() & PLAIN_LETTERS.keys()


def test_every_kind_of_space_becomes_one_space() -> None:
    spaces = [c for c in map(chr, range(0x10000)) if unicodedata.category(c) == "Zs" and c != " "]
    assert [c.translate(TYPOGRAPHY) for c in spaces] == [" "] * len(spaces)


def test_every_dash_of_the_general_punctuation_becomes_a_hyphen() -> None:
    dashes = [c for c in map(chr, range(0x2000, 0x2070)) if unicodedata.category(c) == "Pd"]
    assert [c.translate(TYPOGRAPHY) for c in dashes] == ["-"] * len(dashes)


def test_every_quote_of_the_general_punctuation_becomes_a_plain_one() -> None:
    quotes = [c for c in map(chr, range(0x2000, 0x2070)) if unicodedata.category(c) in {"Pi", "Pf"} or c in "‚„"]
    assert {c.translate(TYPOGRAPHY) for c in quotes} == {"'", '"', "<", ">"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("’s-Gravenhage", "'s-Gravenhage"),
        ("„foto’s”", '"foto\'s"'),
        ("09:00–10:00", "09:00-10:00"),
        ("tot\u00a0morgen…", "tot morgen..."),
        ("tot\u202fmorgen", "tot morgen"),
        ("spreek\u00aduur", "spreekuur"),
        ("\ufeffBeste", "Beste"),
        ("IJsbrand en Ĳsbrand, bĳ", "IJsbrand en IJsbrand, bij"),
        ("½ uur", "1/2 uur"),
        ("1⁄2 of 1∕2 uur", "1/2 of 1/2 uur"),
        ("tot\tmorgen", "tot morgen"),
    ],
)
def test_typography_looks_the_same_to_a_reader(text: str, expected: str) -> None:
    assert text.translate(TYPOGRAPHY) == expected


@pytest.mark.parametrize("text", ["patiënt", "één", "façade", "vóór", "Łukasz"])
def test_typography_leaves_every_letter_alone(text: str) -> None:
    assert text.translate(TYPOGRAPHY) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Þór", "Thór"), ("Łukasz", "Lukasz"), ("Işık", "Işik"), ("Œuvre cœur", "OEuvre coeur"), ("Đorđe", "Dorde")],
)
def test_plain_letters_take_the_place_of_what_has_no_base_letter(text: str, expected: str) -> None:
    assert text.translate(PLAIN_LETTERS) == expected
