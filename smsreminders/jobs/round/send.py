"""The sending of a round: claim some (committed), send each, several at a time, record what came of it (committed).

Accounts send side by side, each at its own pace. One transaction carries the results of the requests that have ended
and the claims of those that leave next. Only what leaves at once is claimed, so a process that dies leaves at most as
many notifications in `sending` as requests were under way.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from smsreminders.domain.round.due import Rules
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import AccountName, Outcome
from smsreminders.errors import SmsremindersError
from smsreminders.gateways.accounts import Unopened
from smsreminders.jobs.round.claim import Claimed, claim, record
from smsreminders.jobs.round.lane import Lane
from smsreminders.jobs.round.limits import Limits
from smsreminders.jobs.round.pace import Pace
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.round import outbox

_A_MOMENT = 0.5  # seconds: so soon Ctrl-C is obeyed, however long a pause the gateway asked for
_AT_ONCE = 64  # requests under way over all accounts; more only where one account alone may have more


_Answer = tuple[Lane, Claimed, Outcome]
_Places = tuple[Lane, int]  # how many requests of an account may leave


@dataclass(slots=True)
class Sent:
    """What a run handed over: how many came to which status, the segments that gateways took, by practice.

    `stopped` says why the run ended before the queue did, `held` what stopped single accounts, which the others didn't
    wait for.
    """

    by_status: Counter[Status] = field(default_factory=Counter)
    segments: Counter[int] = field(default_factory=Counter)
    stopped: SmsremindersError | None = None
    held: dict[AccountName, SmsremindersError] = field(default_factory=dict)

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
    accounts: Mapping[int, Unopened],
    rules: Mapping[int, Rules],
    *,
    limits: Limits,
    progress: Callable[[int, int], None],
) -> Sent:
    """Send what waits for the practices of `rules`, until the queue is empty or something stops the run.

    `accounts` are the practices' own. One that fails, or can't be opened, holds back what goes by it and nothing else.
    `progress` is told how many requests have ended, and of how many. What is under way is always awaited, and
    recorded unless the store itself fails; then that is raised.
    """
    of_practices = _lanes(db, accounts, rules, limits.clock.elapsed())
    lanes = {lane.name: lane for lane in of_practices.values()}
    connections = [lane.unopened.connections for lane in lanes.values()]
    most = min(sum(connections), max([_AT_ONCE, *connections]))
    run = _Run(db, rules, limits, of_practices, deque(lanes.values()), most)
    answers: list[_Answer] = []
    with ThreadPoolExecutor(most or 1) as pool:
        while run.lanes:
            leaving = run.leaving()
            if answers or leaving:
                for lane, claimed in run.write(answers, leaving):
                    run.under_way[pool.submit(lane.begins().send, claimed.sms)] = lane, claimed
                progress(*run.progress())
            answers = run.answers()
            if not answers:
                run.drop_ended()
    return run.sent


def _lanes(db: Database, accounts: Mapping[int, Unopened], rules: Mapping[int, Rules], now: float) -> dict[int, Lane]:
    """Make a lane for each account that has something to send, by its practices, in the order of the starts."""
    lanes: dict[AccountName, Lane] = {}
    of_practices: dict[int, Lane] = {}
    queue = zip(outbox.queue(db, rules.keys()), outbox.practices_in_queue(db, rules.keys()), strict=True)
    for id_, practice_id in queue:
        account = accounts[practice_id]
        if account.name not in lanes:
            lanes[account.name] = Lane(account, Pace(account.per_second, now), deque())
        of_practices[practice_id] = lanes[account.name]
        of_practices[practice_id].waiting.append(id_)
    return of_practices


@dataclass(slots=True)
class _Run:
    """What a run is at: the accounts that have something to do, the requests under way, what came of the others."""

    db: Database
    rules: Mapping[int, Rules]
    limits: Limits
    of_practices: Mapping[int, Lane]
    lanes: deque[Lane]
    most: int
    under_way: dict[Future[Outcome], tuple[Lane, Claimed]] = field(default_factory=dict)
    sent: Sent = field(default_factory=Sent)

    def leaving(self) -> list[_Places]:
        """Choose how many may leave now: of each account in turn, as far as its pace, connections and the bound go."""
        self.sent.stopped = self.sent.stopped or self.limits.reached()
        now, free = self.limits.clock.elapsed(), self._free
        leaving: list[_Places] = []
        for _ in range(len(self.lanes) if free else 0):
            lane = self.lanes[0]
            self.lanes.rotate(-1)
            if places := lane.take(free, now):
                leaving.append((lane, places))
                free -= places
            if not free:
                break
        return leaving

    def write(self, answers: Sequence[_Answer], leaving: Sequence[_Places]) -> list[tuple[Lane, Claimed]]:
        """Record these results and claim what leaves next, in one transaction."""
        with write_transaction(self.db):
            now = self.limits.clock.now()
            statuses = record(self.db, [(claimed, outcome) for _, claimed, outcome in answers], now=now)
            for (lane, claimed, _), status in zip(answers, statuses, strict=True):
                self.sent.count(claimed, status)
                if status is Status.QUEUED:
                    lane.waiting.appendleft(claimed.id)
            self.sent.stopped = self.sent.stopped or self.limits.reached()  # the write lock may have taken long to get
            if self.sent.stopped:
                return []
            ids = [id_ for lane, places in leaving for id_ in lane.first(places)]
            names = {id_: lane.name for id_, lane in self.of_practices.items()}
            leaves = claim(self.db, ids, self.rules, accounts=names, now=now)
            return [(self.of_practices[claimed.practice_id], claimed) for claimed in leaves]

    def answers(self) -> list[_Answer]:
        """Wait for the next results, or until another request may leave; all that have come by then."""
        clock = self.limits.clock
        pauses = [lane.pace.wait(clock.elapsed()) for lane in self.lanes if lane.room] if self._free else []
        if not self.under_way:
            if pauses:
                clock.pause(min(*pauses, _A_MOMENT))
            return []
        ended, _ = wait(self.under_way, min(pauses, default=None), FIRST_COMPLETED)
        answers = [(*self.under_way.pop(future), future.result()) for future in ended]
        for lane, _, outcome in answers:
            lane.weigh(outcome, clock.elapsed())
        return answers

    def drop_ended(self) -> None:
        """Leave out the accounts that have ended, so that who has nothing to do costs nothing."""
        self.sent.held |= {lane.name: lane.stopped for lane in self.lanes if lane.ended and lane.stopped}
        if self.sent.stopped and not self.under_way:
            self.lanes.clear()
        for _ in range(len(self.lanes)):
            if not self.lanes[0].ended:
                self.lanes.rotate(-1)
            else:
                self.lanes.popleft()

    def progress(self) -> tuple[int, int]:
        """How many requests have ended, and of how many."""
        ended = self.sent.by_status.total()
        return ended, ended + len(self.under_way) + sum(len(lane.waiting) for lane in self.lanes)

    @property
    def _free(self) -> int:
        return 0 if self.sent.stopped else self.most - len(self.under_way)
