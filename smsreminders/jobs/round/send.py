"""The sending of a round: claim some (committed), send each, several at a time, record what came of it (committed).

One transaction carries the results of what has finished and the claims of what goes next, so the claim is on disk
before its request leaves, and the database's part is shared by all that are under way. Where there are many connections
as many again are claimed ahead, so that none of them waits for the disk. So a process that dies leaves at most twice
`connections` in `sending`, and memory holds the ids of the queue and what is claimed.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from smsreminders.domain.clock import Clock
from smsreminders.domain.notifications import Status
from smsreminders.domain.reminders import Rules
from smsreminders.domain.sending import Outcome
from smsreminders.domain.window import Schedule, within_sending_hours
from smsreminders.errors import Interrupted, SmsremindersError, TryAgainLater
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.claim import Claimed, claim, record
from smsreminders.jobs.round.gate import NEVER_LEFT, Gate
from smsreminders.jobs.round.pace import Breaker, Pace
from smsreminders.store import outbox
from smsreminders.store.database import Database, write_transaction

_A_MOMENT = 0.5  # seconds: so soon Ctrl-C is obeyed, however long a pause the gateway asked for
_MANY = 8  # connections: fewer are no load for a disk, and each claim is as late as it can be
_TOGETHER = 0.005  # seconds: a result waits so long for the next one, to be written with it


@dataclass(slots=True)
class Sent:
    """What a run handed over: how many came to which status, the segments that the gateway took, by practice.

    `stopped` says why the run ended before the queue did.
    """

    by_status: Counter[Status] = field(default_factory=Counter)
    segments: Counter[int] = field(default_factory=Counter)
    stopped: SmsremindersError | None = None

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
    schedule: Schedule,
    clock: Clock,
    interrupted: Callable[[], bool],
    progress: Callable[[int, int], None],
) -> Sent:
    """Send what waits for the practices of `rules`, until the queue is empty or something stops the run.

    `progress` is told how many requests have ended, and of how many. What is under way is always awaited, and
    recorded unless the store itself fails; then that is raised.
    """
    run = _Run(db, account, rules, schedule=schedule, clock=clock, interrupted=interrupted)
    finished: list[tuple[Claimed, Outcome]] = []
    with ThreadPoolExecutor(account.connections) as pool, run.gate:
        while run.waiting or run.under_way or finished:
            free = run.free()
            if finished or free:
                run.leave(pool, run.write(finished, free))
                progress(*run.progress())
            finished = run.come_back()
            if run.sent.stopped and not run.under_way and not finished:
                break
    return run.sent


class _Run:
    """What a run is at: what waits, what was claimed and may be under way, what came of it."""

    def __init__(
        self,
        db: Database,
        account: Account,
        rules: Mapping[int, Rules],
        *,
        schedule: Schedule,
        clock: Clock,
        interrupted: Callable[[], bool],
    ) -> None:
        self._db, self._account, self._rules = db, account, rules
        self._schedule, self._clock, self._interrupted = schedule, clock, interrupted
        self._began = clock.elapsed()
        self._ahead = account.connections if account.connections >= _MANY else 0
        self._breaker, self._pace = Breaker(), Pace(account.per_second, self._began)
        self._ended: SimpleQueue[Future[Outcome]] = SimpleQueue()
        self.gate = Gate(account.gateway)
        self.waiting = deque(outbox.queue(db, rules.keys()))
        self.under_way: dict[Future[Outcome], Claimed] = {}
        self.sent = Sent()

    def progress(self) -> tuple[int, int]:
        """How many requests have ended, and of how many."""
        ended = self.sent.by_status.total()
        return ended, ended + len(self.waiting) + len(self.under_way)

    def free(self) -> int:
        """How many may be claimed now, as far as the connections and the pace of the gateway go."""
        self._look_whether_to_stop()
        self.gate.shut = self._holds()
        return 0 if self.sent.stopped else self._pace.take(self._room(), self._clock.elapsed())

    def write(self, finished: Sequence[tuple[Claimed, Outcome]], free: int) -> list[Claimed]:
        """The one transaction: the results of what has finished, and the claims of what goes next."""
        with write_transaction(self._db):
            for (claimed, outcome), status in zip(
                finished, record(self._db, finished, now=self._clock.now()), strict=True
            ):
                self._count(claimed, outcome, status)
            self._look_whether_to_stop()  # again, with the write lock held: it may have taken long to get it
            ids = [] if self.sent.stopped else [self.waiting.popleft() for _ in range(free)]
            return claim(
                self._db,
                ids,
                self._rules,
                gateway_name=self._account.name,
                minimum_notice=self._schedule.minimum_notice,
                now=self._clock.now(),
            )

    def leave(self, pool: ThreadPoolExecutor, claims: Sequence[Claimed]) -> None:
        """Their claims are on disk: they may go."""
        for claimed in claims:
            future = pool.submit(self.gate.pass_through, claimed.sms)
            self.under_way[future] = claimed
            future.add_done_callback(self._ended.put)

    def come_back(self) -> list[tuple[Claimed, Outcome]]:
        """What has ended, and what soon comes after it, so that it is written together; or the pause that is due."""
        pause = self._pace.wait(self._clock.elapsed())
        if not self.under_way:
            if self.waiting and not self.sent.stopped:
                self._clock.pause(min(pause, _A_MOMENT))
            return []
        within = pause if self._room() and not self.sent.stopped else None
        finished: list[tuple[Claimed, Outcome]] = []
        while len(finished) < max(1, self._ahead // 2):
            try:
                future = self._ended.get(timeout=_TOGETHER if finished else within)
            except Empty:
                break
            finished.append((self.under_way.pop(future), future.result()))
        for _, outcome in finished:
            if outcome is not NEVER_LEFT:
                self._breaker.weigh(outcome, self._pace, self._clock.elapsed())
                self.gate.shut = self._holds()
                self.gate.weighed(outcome)
        return finished

    def _room(self) -> int:
        return min(self._account.connections + self._ahead - len(self.under_way), len(self.waiting))

    def _holds(self) -> bool:
        return bool(self.sent.stopped or self._breaker.stopped) or self._pace.on_hold(self._clock.elapsed())

    def _count(self, claimed: Claimed, outcome: Outcome, status: Status) -> None:
        if outcome is not NEVER_LEFT:
            self.sent.by_status[status] += 1
        if status is Status.SENT:
            self.sent.segments[claimed.practice_id] += claimed.segments
        elif status is Status.QUEUED:
            self.waiting.appendleft(claimed.id)

    def _look_whether_to_stop(self) -> None:
        self.sent.stopped = self.sent.stopped or self._breaker.stopped or self._no_more()

    def _no_more(self) -> SmsremindersError | None:
        schedule = self._schedule
        if self._interrupted():
            return Interrupted("interrupted: what was under way has ended, what waits stays queued")
        if self._clock.elapsed() - self._began > schedule.longest_run.total_seconds():
            return TryAgainLater("the run took longer than schedule.longest_run: what waits goes with the next one")
        if not within_sending_hours(self._clock.now(), schedule.sending_hours, schedule.zone):
            return TryAgainLater("the sending hours have ended: what waits goes with the next round")
        return None
