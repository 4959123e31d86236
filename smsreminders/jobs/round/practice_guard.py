"""The guards of a practice in a round: nobody is texted from an old agenda, or what its account can't send for it."""

from collections.abc import Mapping
from datetime import date, datetime

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.answering import check_promises
from smsreminders.domain.round.guards import Age, age_of_agenda
from smsreminders.domain.round.sending import AccountName
from smsreminders.domain.round.window import Schedule
from smsreminders.domain.text.message import Wording
from smsreminders.errors import AdministratorNeeded
from smsreminders.gateways.features import Features
from smsreminders.store.agenda.imports import last_import
from smsreminders.store.database import Database


def check_agenda(db: Database, practice: Practice, *, schedule: Schedule, now: datetime) -> str | None:
    """Return a warning where the export of an agenda seems to have stopped; refuse one that stopped long ago.

    Raises AdministratorNeeded for that one: nobody is reminded from it.
    """
    imported_at = last_import(db, practice.id, "appointments")
    age = age_of_agenda(imported_at, now, schedule.agenda_ages)
    if age is Age.FRESH or imported_at is None:
        return None
    trouble = f"the agenda of {practice.code} has brought nothing new since {imported_at:%Y-%m-%d}"
    if age is Age.OLD:
        return f"{trouble}: look whether its export still runs"
    raise AdministratorNeeded(
        f"{trouble}: nobody is reminded from it; look why its export has stopped, "
        "or if nothing has changed in it, raise schedule.agenda_too_old"
    )


def check_account(practice: Practice, account: AccountName, uncertain: Mapping[AccountName, int]) -> None:
    """Refuse to send by another account than the one that must say what became of uncertain texts.

    `uncertain` counts those of the practice by account. Raises AdministratorNeeded.
    """
    for other, count in uncertain.items():
        if other != account:
            raise AdministratorNeeded(
                f"{practice.code} goes by {account} now, and {count} of its texts are uncertain at {other}: put its "
                "account back until `smsreminders poll` has asked for them, or say what became of them with "
                "`smsreminders notifications settle`"
            )


def check_gateway_lost(practice: Practice, account: AccountName, last_sent: tuple[AccountName, date] | None) -> None:
    """Refuse to rehearse for patients who were texted by another account until lately: its settings were lost.

    `account` sends nothing; `last_sent` is the account of the practice's last text, with its day. Raises
    AdministratorNeeded.
    """
    if last_sent is not None and last_sent[0] != account:
        name, day = last_sent
        raise AdministratorNeeded(
            f"{practice.code} goes by {account} now, which sends nothing, and its texts went by {name} until {day}: "
            "put that account back into the configuration; if nobody is to be reminded any more, run "
            f"`smsreminders service disable`; nobody of {practice.code} was reminded"
        )


def check_sender(practice: Practice, features: Features) -> None:
    """Refuse a sender ID that the gateway doesn't take, before anything is sent. Raises AdministratorNeeded."""
    takes = features.sender_ids
    if takes is not None and not takes.form.fullmatch(practice.sender_id):
        raise AdministratorNeeded(
            f'{features.title} doesn\'t take "{practice.sender_id}", the sender ID of {practice.code}, '
            f"but {takes.words}: run `smsreminders practice edit {practice.code} --sender-id ID`"
        )


def check_answers(practice: Practice, wording: Wording, features: Features) -> None:
    """Refuse texts that ask for an answer which nobody can give; a gateway with a number of its own can be answered.

    Raises ConfigError.
    """
    if features.sender_ids is not None:
        check_promises(wording, practice)
