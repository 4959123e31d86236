"""`page`: one file in Dutch that needs nothing else, with numbers masked, replaced whole."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from smsreminders.jobs import page
from tests.cli.running import Program

EVIL = "</script><script>alert(1)</script>\"'<b>&"


@pytest.fixture
def sent(agenda: Program) -> Program:
    agenda.does("dispatch")
    agenda.at("2026-11-24T09:30:00+01:00").does("poll")
    return agenda.at("2026-11-24T12:00:00+01:00")


def written(program: Program, options: str = "") -> str:
    file = program.home / "page.html"
    program.does(f"page --output {file} {options}")
    assert file.stat().st_mode & 0o777 == 0o600
    return file.read_text(encoding="utf-8")


class Parts(HTMLParser):
    """What a page asks for elsewhere, and its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.headings: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        named = dict(attrs)
        self.asked += [str(named[name]) for name in ("src", "action", "data", "poster", "style") if name in named]
        self.asked += [name for name in named if name.startswith("on")]
        self.asked += [tag] if tag in {"link", "iframe", "object", "img", "base"} else []

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"h1", "h2"} and data.strip():
            self.headings.append(data.strip())


def test_it_has_every_section_in_dutch_and_asks_for_nothing(sent: Program) -> None:
    parts = Parts(written(sent))
    assert parts.asked == []
    assert parts.headings == [
        "Notificaties",
        "Vandaag",
        "Te doen",
        "Bellen",
        "De ronde van morgen",
        "De laatste 30 dagen",
        "De rekening tot nu toe",
        "Alle sms met hun status",
    ]


def test_its_policy_allows_its_own_style_and_script_and_nothing_else(sent: Program) -> None:
    text = written(sent)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    hashes = {
        tag: b64encode(sha256(re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[0].encode()).digest()).decode()
        for tag in ("style", "script")
    }
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{hashes['style']}'",
        f"script-src 'sha256-{hashes['script']}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_whatever_a_name_holds_is_text(sent: Program) -> None:
    sent.does(f'patient edit 1002 --name "{EVIL.replace(chr(34), "")}"')
    text = written(sent)
    assert text.count("<script>") == text.count("</script>") == 1
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in text


def test_whatever_a_practice_an_appointment_or_a_place_is_called_is_text_too(two: Program) -> None:
    evil = EVIL.replace('"', "").replace("'", "")
    two.does("service add --practice eik --name '<i>' --channel sms --notification-type appointment-reminder")
    two.does(f"practice edit eik --name '{evil}'")
    for number, phone in enumerate(("0612345671", "020-1234567")):
        two.does(f"patient add '<b>P{number}' --practice eik --name '{evil}' --phone {phone}")
        two.does(f"consent give '<b>P{number}' --practice eik --how desk")
        two.does(
            f"appointment add '<u>A{number}' --practice eik --patient '<b>P{number}' --start '2026-11-25 10:30'"
            f" --location '{evil}'"
        )
    two.at("2026-11-24T09:00:00+01:00").does("dispatch --practice eik")
    two.at("2026-11-24T09:30:00+01:00").does("poll")
    text = written(two.at("2026-11-24T12:00:00+01:00"), "--practice eik --show-numbers")
    assert text.count("<script>") == text.count("</script>") == 1
    assert [tag for tag in ("<b>", "<i>", "<u>") if tag in text] == []
    assert [name for name in ("&lt;b&gt;P0", "&lt;u&gt;A0", "&lt;i&gt;") if name not in text] == []


def test_a_page_of_several_practices_says_whose_each_line_is_and_of_one_only_its_own(agenda: Program) -> None:
    agenda.does("practice add eik --name 'Huisarts Eik'")
    both, eik = written(agenda), written(agenda, "--practice eik")
    assert all(name in both for name in ("Tandarts Linde", "Huisarts Eik"))
    assert "linde" not in eik.lower()
    assert "<td>linde</td>" in both


def test_a_link_in_its_place_stays_and_what_it_points_at_is_replaced(sent: Program) -> None:
    (sent.home / "page.html").symlink_to(sent.home / "real.html")
    written(sent)
    assert (sent.home / "page.html").is_symlink()
    assert "Notificaties" in (sent.home / "real.html").read_text(encoding="utf-8")


def test_numbers_are_masked_unless_they_are_asked_for(sent: Program) -> None:
    assert "+31612345671" not in written(sent)
    assert "+31612345671" in written(sent, "--show-numbers")


def test_it_is_replaced_whole_and_a_folder_in_its_place_is_told(sent: Program) -> None:
    first = written(sent)
    later = sent.at("2026-11-24T13:00:00+01:00")
    assert written(later) != first
    (sent.home / "folder").mkdir()
    ended = sent(f"page --output {sent.home / 'folder'}")
    assert (ended.code, "is no regular file" in ended.err) == (2, True)


def test_elsewhere_it_is_in_english(sent: Program) -> None:
    sent.configure('language = "en"\n')
    text = written(sent)
    assert '<html lang="en">' in text
    assert "Everybody was reached" in text or "To call" in text


def test_an_empty_installation_has_a_page_too(linde: Program) -> None:
    assert "Er is nog niets." in written(linde)


@pytest.fixture
def months(sent: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A page in January of more texts than one holds: those of November stand in a file beside it."""
    monkeypatch.setattr(page, "MOST_ROWS", 1)
    later = sent.at("2027-01-06T09:00:00+01:00")
    later.does("reconcile --by-hand")
    return later


def of_november(program: Program, options: str = "") -> tuple[str, int]:
    """What the file of November has, and when it was written, after one more run."""
    written(program, options)
    file = program.home / "page-2026-11.html"
    return file.read_text(encoding="utf-8"), file.stat().st_mtime_ns


def test_the_file_of_a_month_is_written_again_only_when_it_would_be_another(months: Program) -> None:
    first = of_november(months)
    assert of_november(months.at("2027-01-06T09:15:00+01:00")) == first
    whole = of_november(months, "--show-numbers")
    assert "+31612345671" in whole[0]
    assert of_november(months, "--show-numbers") == whole
    masked = of_november(months)
    assert (masked[0], masked[1] > whole[1]) == (first[0], True)
    months.does("practice edit linde --name 'Tandarts Eik'")
    assert "Tandarts Eik" in of_november(months)[0]
    months.configure('language = "en"\n')
    assert '<html lang="en">' in of_november(months)[0]


def test_who_was_erased_is_gone_from_every_file_with_the_next_run(months: Program) -> None:
    before = of_november(months, "--show-numbers")[0]
    assert [word for word in ("<td>1001</td>", "12345671") if word not in before] == []
    months.does("patient erase 1001 --yes")
    written(months, "--show-numbers")
    for file in months.home.glob("page*.html"):
        text = file.read_text(encoding="utf-8")
        assert [word for word in ("<td>1001</td>", "12345671", "J. Canaria") if word in text] == []


def test_a_purge_takes_numbers_out_of_the_file_of_a_month(months: Program) -> None:
    assert "+31612345671" in of_november(months, "--show-numbers")[0]
    later = months.at("2027-03-06T09:00:00+01:00")
    later.does("reconcile --by-hand")
    later.does("purge --yes")
    assert "+31612345671" not in of_november(later, "--show-numbers")[0]


def test_the_file_of_a_month_goes_when_the_page_has_its_texts_and_no_other_file_does(
    months: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_november(months)
    others = {name: months.home / name for name in ("page-2026-10.html", "other-2026-11.html", "page-2026-11.txt")}
    for file in others.values():
        file.write_text("mine", encoding="utf-8")
    monkeypatch.setattr(page, "MOST_ROWS", 20_000)
    written(months)
    assert not (months.home / "page-2026-11.html").exists()
    assert [file.read_text(encoding="utf-8") for file in others.values()] == ["mine"] * 3
