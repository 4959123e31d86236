"""The text as patients get it, with its segments and cost, and what makes texts long."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column, View, row
from smsreminders.cli.show.output import one_lines

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.domain.bill.yearly import Year
    from smsreminders.domain.round.judged_wording import JudgedText
    from smsreminders.jobs.preview import Preview, PreviewResult

COLUMNS: "Columns[Preview]" = (
    Column("practice", lambda p, _: p.practice),
    Column("patient", lambda p, _: p.patient),
    Column("text", lambda p, _: p.text),
    Column("encoding", lambda p, _: p.counted.encoding),
    Column("units", lambda p, _: p.counted.units),
    Column("segments", lambda p, _: p.counted.segments),
    Column("cost", lambda p, _: p.cost),
    Column("currency", lambda _, view: view.currency),
    Column("characters", lambda p, _: p.characters),
    Column("empty", lambda p, _: p.empty),
)
YEAR: "Columns[Year]" = (
    Column("texts", lambda year, _: year.texts),
    Column("segments", lambda year, _: year.segments),
    Column("cost", lambda year, _: year.cost),
    Column("currency", lambda _, view: view.currency),
)

JUDGED: "Columns[tuple[str, JudgedText]]" = (
    Column("practice", lambda pair, _: pair[0]),
    Column("where", lambda pair, _: list(pair[1].where)),
    Column("matter", lambda pair, _: pair[1].matter),
    Column("words", lambda pair, _: list(pair[1].words)),
    Column("refused", lambda pair, _: pair[1].is_refused),
)


def preview_row(result: "PreviewResult", view: View) -> dict[str, object]:
    """Give a result the keys of `preview --json`."""
    return {
        "patients": len(result.previews),
        "longer": [{"practice": preview.practice, "patient": preview.patient} for preview in result.longer],
        "characters": dict(result.characters),
        "empty": dict(result.empty),
        "year": row(result.year, YEAR, view),
        "plain_letters_save_a_month": result.saved_a_month,
        "judged": [row(judged, JUDGED, view) for judged in result.judged],
        "texts": [row(preview, COLUMNS, view) for preview in result.previews],
    }


def preview_lines(result: "PreviewResult", view: View, *, summary: bool) -> Iterator[str]:
    """Show the first text; with a summary also whose text takes more than one segment, and which character does it."""
    yield from one_lines(row(result.previews[0], COLUMNS, view))
    if not summary:
        return
    yield ""
    yield f"{len(result.longer)} of {len(result.previews)} texts take more than one segment."
    for character, count in result.characters.most_common():
        yield f"  {character} (U+{ord(character):04X}) makes {count} of them UCS-2"
    for name, count in result.empty.most_common():
        yield f"  {{{name}}} is empty in {count} of {len(result.previews)} texts"
    if result.year.texts:
        yield (
            f"A year with the appointments of the last one is about {result.year.texts} texts, "
            f"{result.year.segments} segments: {view.currency} {result.year.cost} without VAT, if all are delivered."
        )
    if result.saved_a_month:
        yield f"plain_letters = true would save about {view.currency} {result.saved_a_month} a month."
    for code, judged in result.judged:
        yield f"{code}: {judged}: {judged.advice}"
    for preview in result.longer:
        yield f"  {preview.practice} {preview.patient}: {preview.counted.segments} segments"
