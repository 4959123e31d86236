"""The text of a reminder: templates, dates in the patient's language, and characters that every phone shows."""

import sys
import unicodedata
from datetime import datetime

import babel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.alphabet import GSM7_BASIC, GSM7_EXTENSION
from smsreminders.domain.segments import count_segments
from smsreminders.domain.text.message import (
    OF_A_FAMILY,
    OF_SEVERAL,
    PLACEHOLDERS,
    Wording,
    check_template,
    empty_placeholders,
    fill,
    moment,
    placeholders,
    plain_days,
    readable,
    without_accents,
)
from smsreminders.errors import ConfigError

DUTCH = "Beste {patient}, u heeft {day} {date} om {time} een afspraak bij {practice}. Verhinderd? Bel {phone}."
ENGLISH = "Dear {patient}, your appointment at {practice} is on {day} {date} at {time}, {location}. Call {phone}."
DUTCH_FILLED = (
    "Beste Zoë de Boer, u heeft dinsdag 24 november om 10:30 een afspraak bij Tandarts Jansen. "
    "Verhinderd? Bel 020-5550123."
)
ENGLISH_FILLED = (
    "Dear Zoë de Boer, your appointment at Tandarts Jansen is on dinsdag 24 november at 10:30, kamer 2. "
    "Call 020-5550123."
)
VALUES = {
    "patient": "Zoë de Boer",
    "practice": "Tandarts Jansen",
    "phone": "020-5550123",
    "day": "dinsdag",
    "date": "24 november",
    "time": "10:30",
    "location": "kamer 2",
}
INVISIBLE = {"Cc", "Cf", "Cs", "Co"}
LOCAL = datetime.fromisoformat("2026-11-24T10:30")


@pytest.mark.parametrize("template", [DUTCH, ENGLISH, "Tot morgen!", "{{{patient}}}", "100 % {{zeker}}"])
def test_a_template_of_known_placeholders_is_taken(template: str) -> None:
    check_template(template)


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_every_placeholder_may_be_used(name: str) -> None:
    check_template(f"Tot dan: {{{name}}}")


@pytest.mark.parametrize("known", [PLACEHOLDERS, OF_SEVERAL, OF_A_FAMILY])
@pytest.mark.parametrize("name", OF_SEVERAL)
def test_a_placeholder_is_taken_only_by_the_texts_that_have_a_value_for_it(name: str, known: tuple[str, ...]) -> None:
    if name in known:
        check_template(f"Tot dan: {{{name}}}", known)
    else:
        with pytest.raises(ConfigError, match=f"{{{name}}} can't stand in this text; it may have {{"):
            check_template(f"Tot dan: {{{name}}}", known)


def test_a_text_for_a_family_has_nothing_that_is_one_patients() -> None:
    assert set(OF_A_FAMILY) & {"patient", "location", "times"} == set()


def test_the_templates_of_all_kinds_are_known_together() -> None:
    assert Wording({"nl": "1"}, several={"nl": "2"}, family={"nl": "3"}).every_template == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        pytest.param("Om {tiem}", 'unknown placeholder "tiem"; did you mean "time"\\?', id="slip-of-the-pen"),
        pytest.param("{Patient}", 'unknown placeholder "Patient"; did you mean "patient"\\?', id="capital"),
        pytest.param("{ time }", 'unknown placeholder " time "; did you mean "time"\\?', id="spaces"),
        pytest.param("{nope}", 'unknown placeholder "nope"; known are: call, date, day, location, ', id="nothing-near"),
        pytest.param("{naam}", 'unknown placeholder "naam"; did you mean "patient"\\?', id="in-dutch"),
        pytest.param("{ Tijd }", 'unknown placeholder " Tijd "; did you mean "time"\\?', id="in-dutch-with-blanks"),
        pytest.param("Kom om {{time}}", r'would read "\{time\}" as it stands: write \{time\}', id="braces-twice"),
        pytest.param("Beste [naam],", r'would read "\[naam\]" as it stands: write \{patient\}', id="brackets"),
        pytest.param("Beste <Patient>,", r'would read "<Patient>" as it stands: write \{patient\}', id="angles"),
        pytest.param("Om %tijd% uur", r'would read "%tijd%" as it stands: write \{time\}', id="percents"),
        pytest.param("Om $time uur", r'would read "\$time" as it stands: write \{time\}', id="dollar"),
        pytest.param("{}", 'unknown placeholder ""; known are: call, date, ', id="no-name"),
        pytest.param("{0}", 'unknown placeholder "0"; known are: call, date, ', id="number"),
        pytest.param("{patient.name}", 'unknown placeholder "patient.name"; did you mean', id="attribute"),
        pytest.param("{patient[0]}", 'unknown placeholder "patient\\[0\\]"; did you mean', id="index"),
        pytest.param("{patient!r}", "{patient} takes nothing behind its name", id="conversion"),
        pytest.param("{time:>10}", "{time} takes nothing behind its name", id="format"),
        pytest.param("{time:{day}}", "{time} takes nothing behind its name", id="placeholder-in-a-placeholder"),
        pytest.param("Beste {patient", "a brace is not closed or not opened", id="not-closed"),
        pytest.param("Beste patient}", "write {{ for a brace itself", id="not-opened"),
        pytest.param("", "there is no text of its own", id="empty"),
        pytest.param(" \n ", "there is no text of its own", id="only-spaces"),
        pytest.param("\u200b", "there is no text of its own", id="only-invisible"),
        pytest.param("{location} {patient}", "there is no text of its own", id="only-placeholders"),
    ],
)
def test_a_wrong_template_is_refused_with_what_to_do(template: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        check_template(template)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("Tot morgen!", set()),
        ("{{phone}}", set()),
        ("{day} {time}, {day}", {"day", "time"}),
        (DUTCH, set(VALUES) - {"location"}),
    ],
)
def test_the_placeholders_of_a_template_are_known(template: str, expected: set[str]) -> None:
    assert placeholders(template) == expected


@pytest.mark.parametrize(
    ("template", "changes", "expected"),
    [
        (ENGLISH, {}, []),
        (ENGLISH, {"location": ""}, ["location"]),
        (ENGLISH, {"location": " \u200b", "phone": ""}, ["location", "phone"]),
        (DUTCH, {"location": ""}, []),
    ],
)
def test_a_placeholder_for_which_there_is_nothing_is_known(
    template: str, changes: dict[str, str], expected: list[str]
) -> None:
    assert empty_placeholders(template, VALUES | changes) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (DUTCH, DUTCH_FILLED),
        (ENGLISH, ENGLISH_FILLED),
        ("{{{patient}}}\n{time}", "{Zoë de Boer}\n10:30"),
    ],
    ids=["dutch", "english", "braces-and-lines"],
)
def test_a_template_is_filled_with_its_values(template: str, expected: str) -> None:
    assert fill(template, VALUES) == expected


@pytest.mark.parametrize("name", ["{phone}", "{{", "}", "{0.__class__}", "%s", "\\n", "<b>"])
def test_a_value_is_put_in_as_it_stands(name: str) -> None:
    assert fill("Beste {patient}!", {"patient": name}) == f"Beste {name}!"


@pytest.mark.parametrize("name", ["Jan\nde Boer", "Jan\r\n de  Boer ", "\tJan de\u2028Boer", "Jan\x85de\u00a0Boer"])
def test_a_value_stands_on_one_line(name: str) -> None:
    assert fill("Beste {patient}!", {"patient": name}) == "Beste Jan de Boer!"


@pytest.mark.parametrize(
    ("local", "language", "expected"),
    [
        ("2026-11-24T10:30", "nl", ("dinsdag", "24 november", "10:30")),
        ("2026-11-24T10:30", "en", ("Tuesday", "24 November", "10:30")),
        ("2027-03-01T08:05", "nl", ("maandag", "1 maart", "08:05")),
        ("2027-03-01T08:05", "en", ("Monday", "1 March", "08:05")),
        ("2026-10-31T00:00:59", "nl", ("zaterdag", "31 oktober", "00:00")),
        ("2026-11-24T10:30", "de", ("Dienstag", "24. November", "10:30")),
        ("2026-11-24T10:30", "fr", ("mardi", "24 novembre", "10:30")),
        ("2026-11-24T10:30", "es", ("martes", "24 de noviembre", "10:30")),
        ("2026-11-24T10:30", "pt", ("terça-feira", "24 de novembro", "10:30")),
        ("2026-11-24T10:30", "pl", ("wtorek", "24 listopada", "10:30")),
        ("2026-11-24T10:30", "tr", ("Salı", "24 Kasım", "10:30")),
        ("2027-03-01T08:05", "de", ("Montag", "1. März", "08:05")),
        ("2027-03-01T08:05", "fr", ("lundi", "1 mars", "08:05")),
        ("2027-03-01T08:05", "es", ("lunes", "1 de marzo", "08:05")),
        ("2027-03-01T08:05", "pt", ("segunda-feira", "1 de março", "08:05")),
        ("2027-03-01T08:05", "pl", ("poniedziałek", "1 marca", "08:05")),
        ("2027-03-01T08:05", "tr", ("Pazartesi", "1 Mart", "08:05")),
        ("2027-03-01T08:05", "hu", ("hétfő", "március 1.", "08:05")),
    ],
)
def test_a_moment_is_told_in_the_patients_language(local: str, language: str, expected: tuple[str, str, str]) -> None:
    words = moment(datetime.fromisoformat(local), language)
    assert words == dict(zip(("day", "date", "time"), expected, strict=True))


@pytest.mark.parametrize("language", ["zz", "x", "q q", ""])
def test_a_language_without_names_of_days_is_a_mistake_in_the_configuration(language: str) -> None:
    with pytest.raises(ConfigError, match=f'^messages: there are no names of days in the language "{language}"'):
        moment(LOCAL, language)


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        pytest.param(("en", "de"), "en", id="the-patients"),
        pytest.param((None, "de"), "de", id="the-practices"),
        pytest.param(("fr", "de"), "de", id="the-patients-has-no-template"),
        pytest.param(("fr", None), "nl", id="neither"),
        pytest.param(("", "en"), "en", id="empty-is-none"),
        pytest.param((), "nl", id="no-wishes"),
    ],
)
def test_the_first_wished_language_with_a_template_is_spoken(wishes: tuple[str | None, ...], expected: str) -> None:
    assert Wording(dict.fromkeys(("nl", "en", "de"), "Tot dan!")).language_for(wishes) == expected


def test_accents_stay_unless_the_configuration_says_otherwise() -> None:
    assert Wording({}).plain_letters is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Jose\u0301", "José", id="decomposed-letter"),
        pytest.param("\u212bse \u2126", "Åse Ω", id="angstrom-and-ohm-sign"),
        pytest.param("’s ochtends „vroeg”", '\'s ochtends "vroeg"', id="curly-quotes"),
        pytest.param("10:00–10:30…", "10:00-10:30...", id="dash-and-ellipsis"),
        pytest.param("dr.\u00a0Boer\u202f\tJansen", "dr. Boer Jansen", id="nbsp-and-tab"),
        pytest.param("\u202eJan\u202c \u2066de\u2069 \u200fBoer\u200e", "Jan de Boer", id="bidi-marks"),
        pytest.param("Jan\x00\x07\x1b de\x7f Boer\x9b", "Jan de Boer", id="controls"),
        pytest.param("Jan\ud800 \ue000Boer", "Jan Boer", id="halves-of-pairs-and-private-ones"),
        pytest.param("\ufeffspreek\u00aduur\u200b", "spreekuur", id="zero-width"),
        pytest.param("  Beste  Jan ,\n\n  tot   dan \n", "Beste Jan ,\n\ntot dan", id="lines-stay-spaces-go"),
        pytest.param("Beste Jan,\r\ntot dan", "Beste Jan,\ntot dan", id="crlf"),
        pytest.param("Beste Jan,\rtot dan", "Beste Jan,\ntot dan", id="cr"),
        pytest.param("Jose\u200b\u0301", "José", id="letter-and-accent-kept-apart"),
        pytest.param("Daniël, café, €5 [1] 😀", "Daniël, café, €5 [1] 😀", id="letters-and-emoji-stay"),
    ],
)
def test_a_text_is_made_readable(text: str, expected: str) -> None:
    assert readable(text) == expected


def test_a_decomposed_letter_costs_one_septet() -> None:
    assert count_segments(readable("cafe\u0301")).units == 4


@given(st.text() | st.text("a e\u0301\n\t\u00a0’…\u202e\u200b½ë😀"))
def test_a_readable_text_holds_nothing_invisible_and_no_double_spaces(text: str) -> None:
    plain = readable(text)
    seen = {unicodedata.category(c) for c in plain if c != "\n"} & INVISIBLE
    assert (seen, "  " in plain, plain.strip(), readable(plain)) == (set(), False, plain, plain)


@given(st.text(sorted(GSM7_BASIC - {"\r"}) + sorted(GSM7_EXTENSION - {"\f"}) + ["’", "\u00a0", "–", "e\u0301"[0]]))
def test_a_readable_text_of_gsm7_and_typography_is_gsm7(text: str) -> None:
    assert set(readable(text)) <= GSM7_BASIC | GSM7_EXTENSION


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("patiënt" + "." * 143, "patient" + "." * 143, id="three-segments-become-one"),
        pytest.param("ë" * 71, "e" * 71, id="two-become-one"),
        pytest.param("ë" * 70, "ë" * 70, id="one-stays-one"),
        pytest.param("één" + "." * 200, "één" + "." * 200, id="gsm7-already"),
        pytest.param("é, à, ü en ï" + "." * 70, "é, à, ü en i" + "." * 70, id="letters-of-gsm7-keep-their-accents"),
        pytest.param("Łukasz, façade, Œuvre" + "." * 70, "Lukasz, facade, OEuvre" + "." * 70, id="no-base-letter"),
        pytest.param("Nguyễn İbrahim Şahin" + "." * 70, "Nguyen Ibrahim Sahin" + "." * 70, id="names-from-afar"),
        pytest.param("patiënt 😀" + "." * 80, "patiënt 😀" + "." * 80, id="an-emoji-keeps-it-ucs2-so-nothing-changes"),
        pytest.param("≠" * 71, "≠" * 71, id="a-sign-is-no-letter"),
        pytest.param("привіт" + "." * 80, "привіт" + "." * 80, id="another-script-stays"),
    ],
)
def test_accents_go_only_where_that_saves_a_segment(text: str, expected: str) -> None:
    assert without_accents(text) == expected


@given(
    st.lists(st.sampled_from(["ë", "patiënt ", "é", "😀", "ç", "." * 60, "a" * 70, "Ж", "œ"]), min_size=1).map("".join)
)
def test_a_text_changes_only_if_it_then_takes_fewer_segments(text: str) -> None:
    changed = without_accents(text)
    assert changed == text or count_segments(changed).segments < count_segments(text).segments


def test_a_time_zone_of_the_machine_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Babel reads it when it is imported."""
    monkeypatch.setenv("TZ", ":/etc/passwd")
    for module in [name for name in sys.modules if name.startswith(("babel.dates", "babel.localtime"))]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delattr(babel, "localtime", raising=False)
    with pytest.raises(ConfigError) as raised:
        moment(datetime(1999, 12, 31, 10, 30), "nl")  # of a day that was not asked for before  # noqa: DTZ001
    assert str(raised.value) == "the environment variable TZ names a file that is no time zone: unset it"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (
            "a {brace",
            "a brace is not closed or not opened (expected '}' before end of string); write {{ for a brace itself",
        ),
        ("a{{b {nope}", 'unknown placeholder "nope"; '),
    ],
)
def test_a_wrong_template_is_refused_in_these_words(template: str, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        check_template(template)
    assert str(raised.value).startswith(message)


def test_a_text_stays_as_it_is_where_plain_letters_would_take_more_segments() -> None:
    text = "œ" * 69 + "Ж"
    assert without_accents(text) == text


@pytest.mark.parametrize(("template", "expected"), [("Do zobaczenia: {day}", "sroda"), ("Przyjdź: {day}", "środa")])
def test_days_are_in_plain_letters_where_the_text_is(template: str, expected: str) -> None:
    assert plain_days(template, {"day": "środa", "date": "25 listopada"})["day"] == expected
