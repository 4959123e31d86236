"""The first practice of an installation: from the options of `init`, or as a person at the terminal answers."""

from collections.abc import Callable
from dataclasses import replace

from smsreminders.cli.asking import ask
from smsreminders.domain.changes import PracticeChange, new_practice
from smsreminders.domain.practices import Practice, check_code, check_name, code_from
from smsreminders.domain.sender_ids import check_own, check_sender_id, sender_id_from
from smsreminders.errors import UsageError


def first_practice(code: str | None, given: PracticeChange, *, sure: bool) -> Practice:
    """Make the practice that the options name. Raises UsageError, unless `sure` also for a strange sender ID."""
    practice = new_practice(code or code_from(given.name or ""), given)
    if not sure:
        check_own(practice.sender_id, {})
    return practice


def asked_practice(code: str | None, given: PracticeChange, *, sure: bool) -> Practice | None:
    """Ask for what the options don't say of the practice; None where its name is left empty."""

    def check_sender(answer: str) -> None:
        check_sender_id(answer)
        if not sure:
            check_own(answer, {})

    name = ask("Name of the practice, as its patients know it", check=lambda answer: answer and check_name(answer))
    if not name:
        return None
    code = code or ask("Our short name for it", _made(code_from, name), check_code)
    sender_id = given.sender_id or ask("What its texts come from", _made(sender_id_from, name), check_sender)
    phone = ask("Its phone, as a text may name it (may be empty)") if given.phone is None else given.phone
    return first_practice(code, replace(given, name=name, sender_id=sender_id, phone=phone), sure=sure)


def _made(make: Callable[[str], str], name: str) -> str:
    """Make a proposal of a name; where none can be made, there is none."""
    try:
        return make(name)
    except UsageError:
        return ""
