"""Feeds: the calendar of a source that the configuration names, as a file for the time of an import."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from smsreminders.cli.context import Invocation, practice_meant
from smsreminders.errors import InputFileError, UsageError, did_you_mean


class Given(NamedTuple):
    """The files of an import, and the code of its practice; `imported` is to be called if all of it was understood."""

    files: Sequence[Path]
    practice: str | None
    imported: Callable[[], None] = lambda: None


@contextmanager
def files_of(run: Invocation, source: str, practice: str | None) -> Iterator[Given]:
    """Fetch the calendar of a source for the time of an import; no file where it didn't change.

    Raises UsageError for a name that no source of the configuration has, and what fetching raises.
    """
    from smsreminders.jobs.agenda.feeds import fetch, keep

    settings = run.settings.sources.get(source)
    if settings is None:
        names = run.settings.sources
        hint = f": {did_you_mean(source, names)}" if names else ""
        raise UsageError(f"say which FILE to import, or with --source which of [[sources]]{hint}")
    now, practice = run.clock.now(), practice or settings.practice
    with run.database() as db:
        practice_id = practice_meant(db, practice).id
        feed = fetch(db, practice_id, source, settings.url, now=now)
    if feed is None:
        run.say(f'The feed of "{source}" is as it was when it was imported.')
        yield Given([], practice)
        return

    def imported() -> None:
        with run.database() as db:
            keep(db, practice_id, source, feed, now=now)

    with TemporaryDirectory(prefix="smsreminders-") as folder:
        file = Path(folder) / "feed.ics"
        file.write_bytes(feed.body)
        try:
            yield Given([file], practice, imported)
        except InputFileError as refused:
            refused.args = (str(refused).replace(f"{file}: ", f'the feed of "{source}": '),)
            raise
