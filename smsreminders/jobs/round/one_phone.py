"""A round to one phone: each text that the round would send now goes there instead, and nothing is written down.

It is for the eyes of who sets a practice up: real texts, by the real account. Each has a reference of its own, so that
the gateway never takes the real one for it; it is never billed, and nobody counts as reminded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from smsreminders.domain.clock import Clock
from smsreminders.domain.phone import PhoneNumber
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.reminders import Reminder
from smsreminders.domain.round.sending import Accepted, Outcome, Outgoing, Refused, Unavailable
from smsreminders.gateways.accounts import Accounts
from smsreminders.jobs.keep.trial import of_no_appointment
from smsreminders.jobs.round.plan import PracticePlan

MOST = 20  # texts: enough to see, and no more than a slip may cost


@dataclass(frozen=True, slots=True)
class OnePhoneText:
    """A text of a round to one phone; without an outcome it was not handed over, for the account took none any more."""

    practice: Practice
    reminder: Reminder
    sms: Outgoing
    outcome: Outcome | None = None

    @property
    def status(self) -> str:
        """How it stands: accepted, rejected, refused, unavailable, uncertain or not-sent."""
        return type(self.outcome).__name__.lower() if self.outcome else "not-sent"

    @property
    def is_accepted(self) -> bool:
        """Whether the gateway took it."""
        return isinstance(self.outcome, Accepted)


def texts_to_one_phone(plans: Sequence[PracticePlan], phone: PhoneNumber, *, clock: Clock) -> list[OnePhoneText]:
    """Write the texts of a round for one phone, at most twenty: by start, each with its patient's id at the end."""
    planned = [(plan.rules.practice, reminder) for plan in plans for reminder in plan.plan.reminders]
    planned.sort(key=lambda pair: pair[1].due.starts_at)
    now = clock.now()
    return [
        OnePhoneText(
            practice,
            each,
            of_no_appointment(practice, phone, f"{each.text} [{each.due.patient}]", now=now, until=each.due.starts_at),
        )
        for practice, each in planned[:MOST]
    ]


def send_to_one_phone(texts: Sequence[OnePhoneText], accounts: Accounts) -> Iterator[OnePhoneText]:
    """Hand over texts one after the other, each by its practice's account; yield each with what came of it.

    After the first that an account refuses or can't take now nothing more goes by it. Raises AdministratorNeeded where
    an account can't be opened.
    """
    ended: set[str] = set()
    for text in texts:
        account = accounts.of(text.practice).open()
        if account.name.account in ended:
            yield text
            continue
        outcome = account.gateway.send(text.sms)
        if isinstance(outcome, Refused | Unavailable):
            ended.add(account.name.account)
        yield replace(text, outcome=outcome)
