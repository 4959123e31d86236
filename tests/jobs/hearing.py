"""A gateway that hears: its lists of replies and opt-outs are written down beforehand, page by page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from smsreminders.domain.round.inbound import OptedOut, Received
from tests.features import FINDS_ALL
from tests.jobs.builders import local, phone_of
from tests.jobs.scripted import ScriptedGateway

PHONE = phone_of("P1")
REPLIED = local("2026-11-23 10:00")


class HearingGateway(ScriptedGateway):
    """Tells its pages to whoever asks; an exception among them is raised. `between` runs before each further page.

    `once`: what was told is told never again, as Infobip has it.
    """

    def __init__(self, *, once: bool = False) -> None:
        super().__init__()
        self.features = replace(FINDS_ALL, hears=True, knows_opt_outs=True)
        self.pages: list[Sequence[Received] | Exception] = []
        self.opt_out_pages: list[Sequence[OptedOut] | Exception] = []
        self.since: list[datetime] = []
        self.opt_outs_since: list[datetime] = []
        self.between: Callable[[], None] = lambda: None
        self._once = once

    def inbox(self, since: datetime) -> Iterator[Sequence[Received]]:
        self.since.append(since)
        for page in list(self.pages):
            if isinstance(page, Exception):
                raise page
            if self._once:
                self.pages.remove(page)
            yield page
            self.between()

    def opt_outs(self, since: datetime) -> Iterator[Sequence[OptedOut]]:
        self.opt_outs_since.append(since)
        for page in self.opt_out_pages:
            if isinstance(page, Exception):
                raise page
            yield page


def received(
    text: str,
    id_: str = "r1",
    *,
    phone: str = PHONE,
    to: str = "",
    at: datetime = REPLIED,
    later: timedelta | None = None,
) -> Received:
    """An SMS that came in on Monday at 10:00, an hour after the round."""
    return Received(id_, phone, to, text, at + (later or timedelta()))
