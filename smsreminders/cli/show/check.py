"""What `check` found: one line for monitoring, or JSON."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsreminders.jobs.keep.check import CheckResult


def check_row(result: "CheckResult") -> dict[str, object]:
    """Give a result the keys of `check --json`."""
    return {
        "ok": not result.troubles,
        "troubles": result.troubles,
        "sent_today": result.sent,
        "waiting": result.waiting,
        "uncertain": result.uncertain,
        "delivered": _share(result.recent),
        "delivered_usually": _share(result.usual),
    }


def check_line(result: "CheckResult") -> str:
    """Say in one line whether all is well, with the figures of today."""
    return (
        f"{'; '.join(result.troubles) or 'ok'}: {result.sent} sent today, {result.waiting} queued, "
        f"{result.uncertain} uncertain, delivered {_share(result.recent)} (usually {_share(result.usual)})"
    )


def _share(delivered: tuple[int, int]) -> str:
    """Write (delivered, of how many) as a percentage; a dash where nothing was sent."""
    count, of_all = delivered
    return f"{100 * count // of_all} %" if of_all else "-"
