"""What each day came to: the texts that were sent on it as they stand now, and who was skipped."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from smsreminders.domain.round.notifications import Status
from smsreminders.store.database import Database
from smsreminders.store.times import date_from_text


@dataclass(slots=True)
class DayCount:
    """How many texts of a day stand at each status, and how many appointments its last rounds skipped, by reason."""

    day: date
    texts: dict[Status, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)


def day_counts(db: Database, practice_ids: Collection[int], first: date, last: date) -> list[DayCount]:
    """Count each of the days from `first` to `last` on which practices sent something or had a round, the oldest first.

    Of several rounds of a practice on a day the last one tells who was skipped.
    """
    bounds = [json.dumps(list(practice_ids)), first.isoformat(), last.isoformat()]
    days: dict[str, DayCount] = {}
    for sent_on, status, count in db.execute(
        "select sent_on, status, count(*) from notifications where practice_id in (select value from json_each(?))"
        " and sent_on >= ? and sent_on <= ? group by sent_on, status",
        bounds,
    ):
        days.setdefault(sent_on, DayCount(date_from_text(sent_on))).texts[Status(status)] = count
    for today, skipped in db.execute(
        "select x.today, x.skipped from round_practices x where x.practice_id in (select value from json_each(?))"
        " and x.today >= ? and x.today <= ? and x.round_id = (select max(l.round_id) from round_practices l"
        " where l.practice_id = x.practice_id and l.today = x.today)",
        bounds,
    ):
        counted = days.setdefault(today, DayCount(date_from_text(today))).skipped
        for reason, count in json.loads(skipped).items():
            counted[reason] = counted.get(reason, 0) + count
    return [days[day] for day in sorted(days)]
