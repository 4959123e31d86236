"""The sending of a round: claim some (committed), send each, several at a time, record what came of it (committed).

One transaction carries the results of the requests that have ended and the claims of those that leave next. Only what
leaves at once is claimed, so a process that dies leaves at most `connections` notifications in `sending`.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from smsreminders.domain.due import Rules
from smsreminders.domain.notifications import Status
from smsreminders.domain.sending import Outcome
from smsreminders.errors import SmsremindersError
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.claim import Claimed, claim, record
from smsreminders.jobs.round.limits import Limits
from smsreminders.jobs.round.pace import Breaker, Pace
from smsreminders.store import outbox
from smsreminders.store.database import Database, write_transaction

_A_MOMENT = 0.5  # seconds: so soon Ctrl-C is obeyed, however long a pause the gateway asked for


@dataclass(slots=True)
class Sent:
    """What a run handed over: how many came to which status, the segments that the gateway took, by practice.

    `stopped` says why the run ended before the queue did.
    """

    by_status: Counter[Status] = field(default_factory=Counter)
    segments: Counter[int] = field(default_factory=Counter)
    stopped: SmsremindersError | None = None

    def count(self, claimed: Claimed, status: Status) -> None:
        """Count a request that has ended."""
        self.by_status[status] += 1
        if status is Status.SENT:
            self.segments[claimed.practice_id] += claimed.segments

    def settle(self, practice_id: int, segments: int, *, of_this_run: bool) -> None:
        """Count as sent what was uncertain, by this run or by an earlier one."""
        self.by_status[Status.SENT] += 1
        self.by_status[Status.UNCERTAIN] -= of_this_run
        self.segments[practice_id] += segments


def send_queued(
    db: Database,
    account: Account,
    rules: Mapping[int, Rules],
    *,
    limits: Limits,
    progress: Callable[[int, int], None],
) -> Sent:
    """Send what waits for the practices of `rules`, until the queue is empty or something stops the run.

    `progress` is told how many requests have ended, and of how many. What is under way is always awaited, and
    recorded unless the store itself fails; then that is raised.
    """
    pace = Pace(account.per_second, limits.clock.elapsed())
    run = _Run(db, account, rules, limits, pace, deque(outbox.queue(db, rules.keys())))
    answers: list[tuple[Claimed, Outcome]] = []
    with ThreadPoolExecutor(account.connections) as pool:
        while run.waiting or run.under_way or answers:
            free = run.free()
            if answers or free:
                for claimed in run.write(answers, free):
                    run.under_way[pool.submit(account.gateway.send, claimed.sms)] = claimed
                ended = run.sent.by_status.total()
                progress(ended, ended + len(run.waiting) + len(run.under_way))
            answers = run.answers()
            if run.sent.stopped and not run.under_way and not answers:
                break
    return run.sent


@dataclass(slots=True)
class _Run:
    """What a run is at: the ids that wait, the requests under way, the count of what came of them."""

    db: Database
    account: Account
    rules: Mapping[int, Rules]
    limits: Limits
    pace: Pace
    waiting: deque[int]
    breaker: Breaker = field(default_factory=Breaker)
    under_way: dict[Future[Outcome], Claimed] = field(default_factory=dict)
    sent: Sent = field(default_factory=Sent)

    def free(self) -> int:
        """How many requests may leave now, as far as the connections and the pace of the gateway go."""
        self.sent.stopped = self.sent.stopped or self.breaker.stopped or self.limits.reached()
        return self.pace.take(self._room(), self.limits.clock.elapsed())

    def write(self, answers: Sequence[tuple[Claimed, Outcome]], free: int) -> list[Claimed]:
        """Record these results and claim what leaves next, in one transaction."""
        with write_transaction(self.db):
            now = self.limits.clock.now()
            for (claimed, _), status in zip(answers, record(self.db, answers, now=now), strict=True):
                self.sent.count(claimed, status)
                if status is Status.QUEUED:
                    self.waiting.appendleft(claimed.id)
            self.sent.stopped = self.sent.stopped or self.limits.reached()  # the write lock may have taken long to get
            ids = [self.waiting.popleft() for _ in range(0 if self.sent.stopped else free)]
            return claim(self.db, ids, self.rules, gateway_name=self.account.name, now=now)

    def answers(self) -> list[tuple[Claimed, Outcome]]:
        """Wait for the next results, or until another request may leave; all that have come by then."""
        clock = self.limits.clock
        pause = self.pace.wait(clock.elapsed())
        if not self.under_way:
            if self.waiting and not self.sent.stopped:
                clock.pause(min(pause, _A_MOMENT))
            return []
        ended, _ = wait(self.under_way, pause if self._room() else None, FIRST_COMPLETED)
        answers = [(self.under_way.pop(future), future.result()) for future in ended]
        for _, outcome in answers:
            self.breaker.weigh(outcome, self.pace, clock.elapsed())
        return answers

    def _room(self) -> int:
        return 0 if self.sent.stopped else min(self.account.connections - len(self.under_way), len(self.waiting))
