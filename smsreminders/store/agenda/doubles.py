"""Doubles: who is new in a staged file, though a patient is known whose id is the same but for zeros or a `.0`."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from smsreminders.store.agenda.said import SourceRow
from smsreminders.store.database import Database


class Double(NamedTuple):
    """A patient who is new under this number of the staging tables, and one who is known, with names and phones."""

    number: int
    source_id: str
    name: str
    phone: str
    known_id: str
    known_name: str
    known_phone: str


def new_but_for_zeros(db: Database, source: SourceRow) -> Iterator[Double]:
    """Give the patients who are new, though another one has their id but for zeros before it or a `.0` behind it."""
    whole = "case when w.source_id like '%.0' then substr(w.source_id, 1, length(w.source_id) - 2) else w.source_id end"
    bare = f"ltrim({whole}, '0')"
    new = db.execute(
        f"select {bare}, c.number, w.source_id, coalesce(w.name, ''), coalesce(w.phone, '')"
        " from staged_changes c cross join staged_people w on w.number = c.number where c.stored_id is null and"
        f" ({bare} in (select ltrim(source_id, '0') from patients"
        " where practice_id = :practice and source_id >= '0' and source_id < '1')"
        " or ((w.source_id like '%.0' or (w.source_id >= '0' and w.source_id < '1'))"
        f" and {bare} in (select source_id from patients where practice_id = :practice))) order by c.number",
        {"practice": source.practice_id},
    ).fetchall()
    if not new:
        return
    known = db.execute(
        "select ltrim(source_id, '0'), source_id, name, phone from patients where practice_id = ?"
        " and ltrim(source_id, '0') in (select value from json_each(?))",
        [source.practice_id, json.dumps([bare for bare, *_ in new])],
    )
    known_by = {bare: patient for bare, *patient in known}
    for bare, *patient in new:
        yield Double(*patient, *known_by[bare])


def leave_out(db: Database, numbers: Iterable[int]) -> None:
    """Leave the staged changes of these numbers out: nothing is changed by them."""
    db.execute(
        "delete from staged_changes where number in (select value from json_each(?))", [json.dumps(list(numbers))]
    )
