"""The parts of a source: its practices, each with what is known of it under the source's name."""

from smsreminders.errors import ConfigError, UsageError
from smsreminders.jobs.agenda.orders import PartResult, SourceOrder
from smsreminders.store.agenda.sources import SourceKey
from smsreminders.store.database import Database
from smsreminders.store.practices import all_practices, practice_by_code


def part_of(db: Database, order: SourceOrder, code: str) -> SourceKey | PartResult:
    """Find the practice of a part of a source by its code, or the only one there is; what is wrong if there is none."""
    try:
        if code:
            return SourceKey(practice_by_code(db, code), order.name, order.kind.value)
        practices = all_practices(db)
    except UsageError as error:
        wrong = ConfigError(f'whose is the source "{order.name}"? {error}')
        return PartResult(order.name, code, error=wrong)
    if len(practices) == 1:
        return SourceKey(practices[0], order.name, order.kind.value)
    which = "there are several practices" if practices else "there is no practice yet"
    wrong = ConfigError(f'whose is the source "{order.name}"? {which}: write practice = "CODE" in its [[sources]]')
    return PartResult(order.name, error=wrong)
