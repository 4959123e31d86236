"""The access log as it is shown."""

from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.store.keep.access import LineShown

COLUMNS: "Columns[LineShown]" = (
    Column("line", lambda line, _: line.number, 60),
    Column("at", lambda line, view: view.local(line.at), 90),
    Column("user", lambda line, _: line.user, 80),
    Column("by", lambda line, _: line.by, 75),
    Column("verb", lambda line, _: line.verb, 85),
    Column("command", lambda line, _: line.command, 70),
    Column("practice", lambda line, _: line.practice, 50),
    Column("patients", lambda line, _: line.patients, 88, cut=True),
    Column("note", lambda line, _: line.note, 40, cut=True),
)
