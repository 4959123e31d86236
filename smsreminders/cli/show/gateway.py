"""A gateway in a list, with what it can do; and what became of a trial of one."""

from datetime import timedelta
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column, View

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.gateways.features import Features
    from smsreminders.jobs.keep.trial import TrialResult

COLUMNS: "Columns[tuple[str, Features]]" = (
    Column("name", lambda named, _: named[0], 90),
    Column("title", lambda named, _: named[1].title, 80, cut=True),
    Column("keys", lambda named, _: [key.name for key in named[1].keys], 70),
    Column("sender_ids", lambda named, _: named[1].sender_ids.words if named[1].sender_ids else "its own number"),
    Column("found_by", lambda named, _: "reference" if named[1].finds_by_reference else "number, text and time", 60),
    Column("asked_for", lambda named, _: duration(named[1].kept), 50),
    Column("hears", lambda named, _: named[1].hears, 45),
    Column("opt_outs", lambda named, _: named[1].knows_opt_outs),
    Column("repeats_for", lambda named, _: duration(named[1].repeats_for)),
    Column("counts_segments", lambda named, _: named[1].counts_segments, 40),
    Column("tells_price", lambda named, _: named[1].tells_price, 30),
    Column("tells_credit", lambda named, _: named[1].tells_credit),
)
TRIAL: "Columns[TrialResult]" = (
    Column("gateway", lambda trial, _: trial.gateway),
    Column("phone", lambda trial, view: view.phone(trial.sms.phone)),
    Column("sender_id", lambda trial, _: trial.sms.sender_id),
    Column("text", lambda trial, _: trial.sms.text),
    Column("reference", lambda trial, _: trial.sms.reference),
    Column("status", lambda trial, _: trial.status),
    Column("said", lambda trial, _: trial.said),
    Column("gateway_id", lambda trial, _: trial.gateway_id),
)


def trial_line(trial: "TrialResult", view: View) -> str:
    """Say what became of a trial, with its text."""
    sms = trial.sms
    return f'{trial.status}: "{sms.text}" from {sms.sender_id} to {view.phone(sms.phone)}'


def duration(length: timedelta) -> str:
    """Write a duration as the configuration does: "48h", "30d"; empty for none."""
    hours = round(length / timedelta(hours=1))
    if not hours:
        return ""
    return f"{hours // 24}d" if hours % 24 == 0 and hours > 72 else f"{hours}h"
