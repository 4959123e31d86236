"""The findings of `doctor`: each check with its verdict and what to do."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.jobs.keep.doctor.findings import Check

COLUMNS: "Columns[Check]" = (
    Column("check", lambda check, _: check.name),
    Column("verdict", lambda check, _: check.verdict),
    Column("found", lambda check, _: check.found),
    Column("advice", lambda check, _: check.advice),
)


def doctor_lines(checks: "Iterable[Check]") -> Iterator[str]:
    """Tell each check on a line, and below it what to do where there is something to do."""
    for check in checks:
        yield f"{check.verdict:8} {check.name}: {check.found}"
        if check.advice:
            yield f"         -> {check.advice}"
