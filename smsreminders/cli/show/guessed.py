"""The appointments that count as told by a guess after a restore, as they are shown."""

from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.jobs.keep.reconcile import Guessed

COLUMNS: "Columns[Guessed]" = (
    Column("practice", lambda guessed, _: guessed.practice.code, 60),
    Column("starts_at", lambda guessed, view: view.local(guessed.due.starts_at), 95),
    Column("appointment", lambda guessed, _: guessed.due.appointment, 90),
    Column("patient", lambda guessed, _: guessed.due.patient, 80),
)
