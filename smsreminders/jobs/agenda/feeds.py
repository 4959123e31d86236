"""Feeds: a calendar is fetched from its address, unless it is as it was when it was imported."""

from datetime import datetime, timedelta

from smsreminders.gateways.http.feed import Feed, fetch_feed
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.feeds import feed_tag, keep_feed_tag

# An unchanged feed is read again after so long, for meanwhile days came into the horizon on which a series recurs.
AGAIN_AFTER = timedelta(days=2)


def fetch(db: Database, practice_id: int, source: str, url: str, *, now: datetime) -> Feed | None:
    """Fetch the feed of a source of appointments; None where it didn't change since it was imported, not long ago.

    Raises TryAgainLater, AdministratorNeeded, InputFileError, ConfigError.
    """
    return fetch_feed(url, feed_tag(db, practice_id, source, since=now - AGAIN_AFTER))


def keep(db: Database, practice_id: int, source: str, feed: Feed, *, now: datetime) -> None:
    """Keep that a feed was imported and all of it was understood, so that it isn't fetched again unless it changes."""
    with write_transaction(db):
        keep_feed_tag(db, practice_id, source, feed.tag, now)
