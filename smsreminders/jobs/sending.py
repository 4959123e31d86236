"""The sending of a round: claim some (committed), send each, several at a time, record what came of it (committed).

One transaction carries the results of what has finished and the claims of what goes next, so the claim is on disk
before its request leaves, and the database's part is shared by all that are under way. A process that dies leaves at
most `connections` notifications in `sending`; memory holds the ids of the queue and what is under way.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from smsreminders.domain.notifications import Status
from smsreminders.domain.reminders import Rules
from smsreminders.domain.sending import Outcome
from smsreminders.domain.window import Schedule, within_sending_hours
from smsreminders.errors import Interrupted, SmsremindersError, TryAgainLater
from smsreminders.gateways import InUse
from smsreminders.jobs.claims import Claimed, claim, record
from smsreminders.jobs.clock import Clock
from smsreminders.jobs.pace import Breaker, Pace
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

    def settle(self, practice_id: int, segments: int, *, of_this_run: bool) -> None:
        """Count as sent what was uncertain, by this run or by an earlier one."""
        self.by_status[Status.SENT] += 1
        self.by_status[Status.UNCERTAIN] -= of_this_run
        self.segments[practice_id] += segments


def send_queued(
    db: Database,
    gateway: InUse,
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
    began = clock.elapsed()
    waiting = deque(outbox.queue(db, rules.keys()))
    sent, breaker, pace = Sent(), Breaker(), Pace(gateway.per_second, clock.elapsed())
    under_way: dict[Future[Outcome], Claimed] = {}
    finished: list[tuple[Claimed, Outcome]] = []
    with ThreadPoolExecutor(gateway.connections) as pool:
        while waiting or under_way or finished:
            sent.stopped = sent.stopped or breaker.stopped or _no_more(clock, began, schedule, interrupted)
            free = 0 if sent.stopped else min(gateway.connections - len(under_way), len(waiting))
            ids = [waiting.popleft() for _ in range(pace.take(free, clock.elapsed()))]
            claims: list[Claimed] = []
            if finished or ids:
                with write_transaction(db):
                    for claimed, outcome in finished:
                        status = record(db, claimed, outcome, now=clock.now())
                        sent.by_status[status] += 1
                        if status is Status.SENT:
                            sent.segments[claimed.practice_id] += claimed.segments
                        elif status is Status.QUEUED:
                            waiting.appendleft(claimed.id)
                    claims = claim(
                        db,
                        ids,
                        rules,
                        gateway_name=gateway.name,
                        minimum_notice=schedule.minimum_notice,
                        now=clock.now(),
                    )
                progress(sent.by_status.total(), sent.by_status.total() + len(waiting) + len(under_way) + len(claims))
            finished = []
            under_way |= {pool.submit(gateway.gateway.send, claimed.sms): claimed for claimed in claims}
            if under_way:
                room = waiting and not sent.stopped and len(under_way) < gateway.connections
                done, _ = wait(under_way, pace.wait(clock.elapsed()) if room else None, FIRST_COMPLETED)
                finished = [(under_way.pop(future), future.result()) for future in done]
                for _, outcome in finished:
                    breaker.weigh(outcome, pace, clock.elapsed())
            elif sent.stopped:
                break
            elif waiting:
                clock.pause(min(pace.wait(clock.elapsed()), _A_MOMENT))
    return sent


def _no_more(
    clock: Clock, began: float, schedule: Schedule, interrupted: Callable[[], bool]
) -> SmsremindersError | None:
    if interrupted():
        return Interrupted("interrupted: what was under way has ended, what waits stays queued")
    if clock.elapsed() - began > schedule.longest_run.total_seconds():
        return TryAgainLater("the run took longer than schedule.longest_run: what waits goes with the next one")
    if not within_sending_hours(clock.now(), schedule.sending_hours, schedule.zone):
        return TryAgainLater("the sending hours have ended: what waits goes with the next round")
    return None
