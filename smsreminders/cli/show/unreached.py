"""The call list as it is shown: each appointment without a delivered text, why, and what to do next."""

from typing import TYPE_CHECKING

from smsreminders.cli.show.call_words import call_words
from smsreminders.cli.show.columns import Column

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.jobs.unreached import ToCall

COLUMNS: "Columns[ToCall]" = (
    Column("practice", lambda call, _: call.practice.code, 60),
    Column("starts_at", lambda call, view: view.local(call.due.starts_at), 95),
    Column("appointment", lambda call, _: call.due.appointment),
    Column("patient", lambda call, _: call.due.patient, 30),
    Column("patient_name", lambda call, _: call.due.patient_name, 80),
    Column("phone", lambda call, _: call.due.phone, 90),
    Column("reason", lambda call, _: call.reason),
    Column("why", lambda call, view: call_words(call.reason, view.language).says, 70, cut=True),
    Column("next", lambda call, view: call_words(call.reason, view.language).do, 40),
)
