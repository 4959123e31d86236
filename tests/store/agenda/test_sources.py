"""What an import is known by is recalled for its own source while it is young, and so is when the source came."""

from datetime import UTC, datetime, timedelta

from smsreminders.domain.practices import Practice
from smsreminders.store.agenda.sources import SourceKey, Tag, came, keep_came, keep_tag, tag_of
from smsreminders.store.database import Database, write_transaction

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FIRST, SECOND = Tag('"v1"', "a"), Tag('"v2"', "b")


def test_the_last_tag_counts_while_it_is_young(db: Database, practice: Practice) -> None:
    key = SourceKey(practice, "agenda", "appointments")
    with write_transaction(db):
        keep_tag(db, key, FIRST, NOW)
        keep_tag(db, key, SECOND, NOW)
    tags = {hours: tag_of(db, key, since=NOW + timedelta(hours=hours)) for hours in (-1, 0, 1)}
    assert tags == {-1: SECOND, 0: SECOND, 1: None}
    assert tag_of(db, key) == SECOND
    assert tag_of(db, key._replace(name="other")) is None
    assert tag_of(db, key._replace(kind="patients")) is None


def test_a_source_that_was_never_tagged_or_never_came_says_so(db: Database, practice: Practice) -> None:
    key = SourceKey(practice, "agenda", "appointments")
    assert (tag_of(db, key), came(db, key)) == (None, None)
    with write_transaction(db):
        keep_came(db, key, NOW)
    assert (tag_of(db, key), came(db, key)) == (None, NOW)
    assert came(db, key._replace(kind="patients")) is None
