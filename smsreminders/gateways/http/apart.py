"""Which are asked for one by one and which by a list: a list begins at the oldest that it is to show."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from smsreminders.domain.sending import Open

_OLD = timedelta(days=4)  # later than that most have had their report
_FEW = 50


def apart(asked: Sequence[Open], now: datetime | None) -> tuple[list[Open], list[Open]]:
    """The old ones that the gateway has given an id, if they are few, and the rest; none are old without a clock.

    So one that had no report for weeks doesn't make every question read the list of all those weeks.
    """
    old = [one for one in asked if now is not None and one.gateway_id and now - one.sent_at > _OLD]
    if not old or len(old) > _FEW:
        return [], list(asked)
    alone = {one.reference for one in old}
    return old, [one for one in asked if one.reference not in alone]
