"""What a `poll` did, as a row and as a line."""

from typing import TYPE_CHECKING

from smsreminders.domain.round.notifications import Status

if TYPE_CHECKING:
    from smsreminders.jobs.round.poll import PollResult

CHANGES = (Status.DELIVERED, Status.FAILED, Status.EXPIRED, Status.SENT, Status.QUEUED)  # the last two: once uncertain


def poll_row(result: "PollResult") -> dict[str, int]:
    """Give a result the keys of `poll --json`, all but the unknown words."""
    return {
        "asked": result.asked,
        **{status.value: result.changed[status] for status in CHANGES},
        "open": result.open,
        "uncertain": result.uncertain,
        "replies": result.heard.replies,
        "for_the_desk": result.heard.for_the_desk,
        "confirmed": result.heard.confirmed,
        "stopped": result.heard.stopped,
        "opt_outs": result.heard.opt_outs,
    }


def poll_line(row: dict[str, int]) -> str:
    """Say in one line what a poll did, and what is left."""
    shown = [word for word in row if row[word] or word in {"open", "uncertain"}]
    return "  ".join(f"{row[word]} {word.replace('_', ' ')}" for word in shown)
