"""What `check` found: a line for each thing that is wrong and one of figures for monitoring, or JSON."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsreminders.jobs.keep.check import CheckResult


def check_row(result: "CheckResult") -> dict[str, object]:
    """Give a result the keys of `check --json`."""
    return {
        "ok": not result.troubles,
        "troubles": result.troubles,
        "sent_today": result.sent,
        "sent_usually": result.usually_sent,
        "skipped": {reason.value: count for reason, count in result.skipped.items()},
        "rejected_today": result.rejected,
        "waiting": result.waiting,
        "uncertain": result.uncertain,
        "to_call": result.to_call,
        "missing": result.missing,
        "replies": result.replies,
        "perhaps_stopped": result.perhaps_stopped,
        "accounts": [
            {
                "account": state.account,
                "gateway": state.gateway,
                "practices": state.practices,
                "waiting": state.waiting,
                "trouble": str(state.trouble) if state.trouble else None,
            }
            for state in result.accounts
        ],
        "delivered": result.recent.share,
        "delivered_usually": result.usual.share,
    }


def check_lines(result: "CheckResult", *, rehearsal: bool) -> Iterator[str]:
    """Say in one line that all is well; else what is wrong and what to do, a line each, then the figures of today."""
    yield from result.troubles
    usually = "-" if result.usually_sent is None else result.usually_sent
    sent = "rehearsed today" if rehearsal else "sent today"
    yield (
        f"{'' if result.troubles else 'ok: '}{result.sent} {sent} (usually {usually}), "
        f"{sum(result.skipped.values())} skipped, {result.rejected} rejected, {result.waiting} queued, "
        f"{result.uncertain} uncertain, {result.missing} missing, {result.to_call} to call, "
        f"delivered {result.recent.share} (usually {result.usual.share})"
    )
