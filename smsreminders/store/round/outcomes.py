"""What became of past appointments, beside what their patients got."""

import json
from collections.abc import Collection
from datetime import datetime

from smsreminders.domain.keep.effect import Reached
from smsreminders.store.database import Database
from smsreminders.store.times import to_text


def outcomes_by_text(
    db: Database, practice_ids: Collection[int], start: datetime, end: datetime
) -> dict[tuple[Reached, bool], int]:
    """Count the appointments that started in [start, end), by what the patient got and whether nobody came.

    Only those whose outcome is known, and texts that were sent at the appointment's last revision; none of a rehearsal.
    """
    rows = db.execute(
        "select reached, no_show, count(*) from (select a.outcome = 'no-show' as no_show, coalesce(("
        " select case when max(n.status = 'delivered') then 'delivered' else 'undelivered' end"
        " from covers c join notifications n on n.id = c.notification_id"
        " where c.appointment_id = a.id and c.revision = a.revision and c.rehearsed = 0"
        " and n.status in ('sent', 'delivered', 'failed', 'expired', 'uncertain') having count(*) > 0), 'none')"
        " as reached from appointments a where a.practice_id in (select value from json_each(?))"
        " and a.starts_at >= ? and a.starts_at < ? and a.outcome is not null) group by reached, no_show",
        [json.dumps(list(practice_ids)), to_text(start), to_text(end)],
    )
    return {(Reached(reached), bool(no_show)): count for reached, no_show, count in rows}
