"""Asking a gateway for reminders that it may have taken, by the references that they have or would have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.round.due import Due, Rules
from smsreminders.domain.round.reminders import Reminder, reference_of_reminder
from smsreminders.domain.round.sending import Open
from smsreminders.domain.round.taken import Slot, reminder_of
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.base import Account


@dataclass(slots=True)
class Asked:
    """What the gateway was asked for, and the reminders that it knows.

    Also those of appointments that were cancelled, or whose patient withdrew consent or has another number, or whose
    service was ended meanwhile: they may have been sent before that.
    """

    account: Account
    installation: str
    since: datetime
    found: list[tuple[Rules, Reminder]] = field(default_factory=list)
    number: int = 0
    not_asked: int = 0

    def ask(self, candidates: Iterable[tuple[Due, Slot, Rules]]) -> None:
        """Ask for these reminders; those with a number that can't be texted by themselves, for a gateway may refuse it.

        Raises TryAgainLater or AdministratorNeeded where the others can't be asked for.
        """
        normal: list[tuple[Rules, Reminder]] = []
        odd: list[tuple[Rules, Reminder]] = []
        for due, slot, rules in candidates:
            reminder, textable = reminder_of(due, slot, rules)
            (normal if textable else odd).append((rules, reminder))
        self._ask(normal)
        try:
            self._ask(odd)
        except (TryAgainLater, AdministratorNeeded):  # it goes by numbers and won't have these
            self.not_asked += len(odd)

    def found_of(self, rules: Rules) -> list[Reminder]:
        """The reminders of a practice that the gateway knows."""
        return [reminder for of, reminder in self.found if of is rules]

    def _ask(self, candidates: Sequence[tuple[Rules, Reminder]]) -> None:
        if not candidates:
            return
        references = [
            reference_of_reminder(self.installation, rules.practice, reminder, rehearsed=rules.rehearsal)
            for rules, reminder in candidates
        ]
        opens = [
            Open(reference, None, reminder.phone.e164, self.since, reminder.text)
            for reference, (_, reminder) in zip(references, candidates, strict=True)
        ]
        known = {report.reference for report in self.account.gateway.lookup(opens)}
        self.number += len(candidates)
        self.found += [each for reference, each in zip(references, candidates, strict=True) if reference in known]
