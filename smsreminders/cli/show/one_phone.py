"""The texts of a round to one phone, as a list."""

from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.jobs.round.one_phone import OnePhoneText

COLUMNS: "Columns[OnePhoneText]" = (
    Column("practice", lambda text, _: text.practice.code, 50),
    Column("appointment", lambda text, _: text.reminder.due.appointment, 80),
    Column("patient", lambda text, _: text.reminder.due.patient, 85),
    Column("starts_at", lambda text, view: view.local(text.reminder.due.starts_at), 60),
    Column("status", lambda text, _: text.status, 90),
    Column("text", lambda text, _: text.sms.text, 70, cut=True),
)
