"""What one account sends in a run: its queue, its pace, how many requests it may have under way, what stopped it."""

from collections import deque
from dataclasses import dataclass, field

from smsreminders.domain.round.sending import Accepted, AccountName, Outcome, Rejected
from smsreminders.errors import AdministratorNeeded, SmsremindersError
from smsreminders.gateways.accounts import Unopened
from smsreminders.gateways.base import Account, Gateway
from smsreminders.jobs.round.pace import Breaker, Pace


@dataclass(slots=True)
class Lane:
    """An account at work: the ids that wait for it, and how many of its requests are under way.

    It begins with one request at a time, gets one more with each answer, up to its connections, and is back at one
    when none comes: so a gateway that doesn't answer holds one thread, and leaves few uncertain.
    """

    unopened: Unopened
    pace: Pace
    waiting: deque[int]
    under_way: int = 0
    at_a_time: int = 1
    breaker: Breaker = field(default_factory=Breaker)
    stopped: SmsremindersError | None = None
    account: Account | None = None

    @property
    def name(self) -> AccountName:
        """The account's name."""
        return self.unopened.name

    @property
    def ended(self) -> bool:
        """Whether nothing is under way, and nothing will be."""
        return not self.under_way and not (self.waiting and self.stopped is None)

    @property
    def room(self) -> int:
        """How many more requests may be under way, whatever the pace."""
        return 0 if self.stopped else min(self.at_a_time - self.under_way, len(self.waiting))

    def take(self, most: int, now: float) -> int:
        """Take as many places as may leave now, at most so many; none where the account can't be opened."""
        free = self.pace.take(min(self.room, most), now)
        if free and self.account is None:
            try:
                self.account = self.unopened.open()
            except AdministratorNeeded as error:
                self.stopped = error
                return 0
        return free

    def first(self, count: int) -> list[int]:
        """Take so many out of the queue."""
        return [self.waiting.popleft() for _ in range(count)]

    def begins(self) -> Gateway:
        """Count a request that leaves; return the gateway that it goes to."""
        if self.account is None:
            raise RuntimeError(f"{self.name} has taken nothing from its queue")
        self.under_way += 1
        return self.account.gateway

    def weigh(self, outcome: Outcome, now: float) -> None:
        """Count a request that has ended, and let it decide how the account goes on."""
        self.under_way -= 1
        self.breaker.weigh(outcome, self.pace, now)
        self.stopped = self.stopped or self.breaker.stopped
        answered = isinstance(outcome, Accepted | Rejected)
        self.at_a_time = min(self.at_a_time + 1, self.unopened.connections) if answered else 1
