"""No-shows set side by side, by what patients got, as a list, and the sentence on what that means."""

from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.domain.keep.effect import NoShows

COLUMNS: "Columns[NoShows]" = (
    Column("text_was", lambda group, _: group.reached, 90),
    Column("appointments", lambda group, _: group.appointments, 80),
    Column("no_shows", lambda group, _: group.no_shows, 80),
    Column("share", lambda group, _: _percentage(group.share), 85),
    Column("low", lambda group, _: group.interval and _percentage(group.interval[0]), 70),
    Column("high", lambda group, _: group.interval and _percentage(group.interval[1]), 70),
)
MEANS = (
    "Low and high: between them the share is in 19 of 20 cases (Wilson). This sets unlike patients side by side, as"
    " those who gave a mobile number and those who didn't: it proves nothing of what the texts do."
)


def _percentage(share: float | None) -> str | None:
    return None if share is None else f"{100 * share:.1f} %"
