"""The page as HTML: one file with all that it needs, and nothing that a name in it could change."""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from smsreminders import __version__
from smsreminders.cli.show.columns import View
from smsreminders.cli.show.moments import moment_text
from smsreminders.cli.show.page_parts import Link, Page, Section
from smsreminders.cli.show.page_sections import Sections
from smsreminders.cli.show.page_words import page_words

if TYPE_CHECKING:
    from jinja2 import Template

    from smsreminders.jobs.page import PageContent

_MARK = re.compile('<meta name="smsreminders-month" content="([0-9a-f]{64})">')
_MARK_WITHIN = 2000  # characters from the top
_HERE = files("smsreminders.cli.show") / "templates"


def page_html(content: "PageContent", view: View, links: Sequence[Link], *, is_rehearsal: bool) -> Iterator[str]:
    """Write the page of what was gathered, in pieces."""
    return _written(content, view, [*Sections(content, view).every(links)], is_rehearsal=is_rehearsal)


def month_html(
    content: "PageContent", view: View, links: Sequence[Link], *, is_rehearsal: bool, mark: str
) -> Iterator[str]:
    """Write the page of a month's texts alone, which are those of the content."""
    return _written(content, view, [Sections(content, view).overview(links)], is_rehearsal=is_rehearsal, mark=mark)


def month_mark(standing: Sequence[int], content: "PageContent", view: View, name: str, *, is_rehearsal: bool) -> str:
    """Make the mark of a month's page named `name`: another where any of its words would be others."""
    names = [(practice.code, practice.name) for practice in content.practices]
    year = view.today and view.today.year
    shown = (list(standing), names, view.show_numbers, view.language, str(view.zone), year, name, is_rehearsal)
    ours = "".join(_text(file) for file in ("page.html", "page.css", "page.js"))
    return sha256(f"{__version__} {shown} {ours}".encode()).hexdigest()


def mark_of(file: Path) -> str | None:
    """Find the mark of a month's page; None where a file is none of ours, or there is none."""
    try:
        with file.open(encoding="utf-8", errors="replace") as page:
            mark = _MARK.search(page.read(_MARK_WITHIN))
    except OSError:
        return None
    return mark[1] if mark else None


def _written(
    content: "PageContent", view: View, sections: Sequence[Section], *, is_rehearsal: bool, mark: str = ""
) -> Iterator[str]:
    from markupsafe import Markup

    names = ", ".join(practice.name for practice in content.practices)
    page = Page(
        names, moment_text(content.at.astimezone(view.zone), view), not view.show_numbers, is_rehearsal, sections
    )
    style, script = _text("page.css"), _text("page.js")
    return _template().generate(
        page=page,
        mark=mark,
        words=page_words(view.language),
        style=Markup(style),  # noqa: S704  # our own file
        script=Markup(script),  # noqa: S704  # our own file
        hashes={"style": _hash(style), "script": _hash(script)},
    )


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    # everything that is put in is escaped, whatever it is
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(_text("page.html"))


@cache
def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Compute what a Content-Security-Policy allows a text by (CSP 3, hash-source)."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
