"""The tag of a feed is recalled for its own source, and while it is young."""

from datetime import UTC, datetime, timedelta

from smsreminders.domain.practices import Practice
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.feeds import feed_tag, keep_feed_tag

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_the_last_tag_counts_while_it_is_young(db: Database, practice: Practice) -> None:
    with write_transaction(db):
        keep_feed_tag(db, practice.id, "agenda", '"v1"', NOW)
        keep_feed_tag(db, practice.id, "agenda", '"v2"', NOW)
    tags = {hours: feed_tag(db, practice.id, "agenda", since=NOW + timedelta(hours=hours)) for hours in (-1, 0, 1)}
    assert tags == {-1: '"v2"', 0: '"v2"', 1: ""}
    assert feed_tag(db, practice.id, "other", since=NOW) == ""
