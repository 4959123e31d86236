"""What a source has at this moment: its newest file, or its feed as a file for the time of an import."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from smsreminders.domain.clock import Clock
from smsreminders.gateways.http.feed import fetch_feed
from smsreminders.jobs.agenda.newest import newest_file
from smsreminders.jobs.agenda.orders import SourceOrder
from smsreminders.jobs.agenda.reading import content_of


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a source has: a file, with the name that it is told by; none where its feed is as it was.

    `mark` is by what it is known whether it changed, `at` when it was written, or when the feed answered.
    """

    name: str
    mark: str
    at: datetime
    path: Path | None

    def told(self, text: str) -> str:
        """Write a text about the file with the name that a person knows it by."""
        return text if self.path is None else text.replace(str(self.path), self.name)


@contextmanager
def arrived(order: SourceOrder, known: str, *, clock: Clock) -> Iterator[Arrived]:
    """Find the newest file of a source, or fetch its feed unless that is still known by this mark.

    Raises TryAgainLater, AdministratorNeeded, InputFileError, ConfigError.
    """
    if not order.url:
        file = newest_file(order.pattern, order.format_name, clock=clock)
        yield Arrived(str(file.path), content_of(file.path), file.changed_at, file.path)
        return
    feed = fetch_feed(order.url, known)
    name = f'the feed of "{order.name}"'
    if feed is None:
        yield Arrived(name, known, clock.now(), None)
        return
    with TemporaryDirectory(prefix="smsreminders-") as folder:
        path = Path(folder) / "feed.ics"
        path.write_bytes(feed.body)
        yield Arrived(name, feed.tag, clock.now(), path)
