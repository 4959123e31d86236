"""What accounts say of their notifications: several are asked at a time, and one listener hears all of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from threading import Event

from smsreminders.domain.clock import Clock
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import AccountName, DeliveryReport
from smsreminders.errors import AdministratorNeeded, SmsremindersError, TryAgainLater
from smsreminders.gateways.accounts import Accounts
from smsreminders.gateways.base import Account
from smsreminders.gateways.features import Features
from smsreminders.jobs.round.went_by import AccountLeft, opened
from smsreminders.store.round.reports import Asked

OPEN = frozenset({Status.SENT, Status.UNCERTAIN})
_ACCOUNTS_AT_A_TIME = 16  # threads, each with a connection, however many accounts there are
_REPORTS_AT_A_TIME = 500  # kept in memory and written in one transaction; a crash leaves as many to the next poll


@dataclass(frozen=True, slots=True)
class Heard:
    """A part of what an account says: reports on notifications that it was asked for, and those it doesn't know.

    `asked` counts the notifications of a question that has been answered whole; only then something is `missing`.
    """

    account: Account
    reports: Sequence[DeliveryReport] = ()
    missing: Sequence[Asked] = ()
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What each account is asked for, so many notifications at a time, as long as it `goes_on`; `clock` shows when."""

    asked: Mapping[AccountName, Sequence[Asked]]
    accounts: Accounts
    clock: Clock
    at_a_time: int | None = None
    goes_on: Callable[[], bool] = lambda: True


Said = tuple[AccountName, Heard | SmsremindersError | None]  # None: the account has said all


def listen(question: Question) -> Iterator[list[Said]]:
    """Yield what accounts say in the order in which it comes, all that has come by then.

    An account that can't be asked says so as the error. One account alone is asked in the caller's own thread.
    """
    if len(question.asked) == 1:
        ((name, asked),) = question.asked.items()
        yield from ([said] for said in _hear(question, name, asked))
        return
    heard: SimpleQueue[Said | BaseException] = SimpleQueue()
    ended = Event()
    pool = ThreadPoolExecutor(_ACCOUNTS_AT_A_TIME)
    try:
        for name, asked in question.asked.items():
            pool.submit(_tell, _hear(question, name, asked), heard, ended)
        left = len(question.asked)
        while left:
            together = [heard.get(), *(heard.get() for _ in range(heard.qsize()))]
            said = [_unless_it_failed(one) for one in together]
            left -= sum(part is None for _, part in said)
            yield said
    finally:
        ended.set()
        pool.shutdown(cancel_futures=True)


def _tell(hearing: Iterator[Said], heard: "SimpleQueue[Said | BaseException]", ended: Event) -> None:
    """Put into the queue what an account says, until it has said all or nobody listens any more."""
    try:
        for said in hearing:
            heard.put(said)
            if ended.is_set():
                return
    except BaseException as error:  # noqa: BLE001  # it is raised where the others are listened to
        heard.put(error)


def _unless_it_failed(said: Said | BaseException) -> Said:
    if isinstance(said, BaseException):
        raise said
    return said


def _hear(question: Question, name: AccountName, asked: Sequence[Asked]) -> Iterator[Said]:
    try:
        account = _opened(question.accounts, name, asked)
        if account:
            features, now = account.gateway.features, question.clock.now()
            kept = [notification for notification in asked if _is_kept(notification, features, now)]
            size = question.at_a_time or max(1, len(kept))
            for start in range(0, len(kept), size):
                if not question.goes_on():
                    break
                for heard in _ask(account, kept[start : start + size]):
                    yield name, heard
    except (TryAgainLater, AdministratorNeeded) as error:
        yield name, error
    yield name, None


def _opened(accounts: Accounts, name: AccountName, asked: Sequence[Asked]) -> Account | None:
    """Open an account; None where nobody can be asked and nothing is open of it but what was rehearsed."""
    try:
        return opened(name, accounts)
    except AccountLeft:
        if any(notification.status in OPEN and not notification.rehearsed for notification in asked):
            raise
        return None


def _ask(account: Account, asked: Sequence[Asked]) -> Iterator[Heard]:
    """Ask an account for these; what it had answered is told also if it stops answering. Raises as `lookup` does."""
    ours = {notification.open.reference for notification in asked}
    known_there: set[str] = set()
    for reports in _batches(account.gateway.lookup([notification.open for notification in asked])):
        known_there |= {report.reference for report in reports}
        yield Heard(account, [report for report in reports if report.reference in ours])
    missing = [
        notification
        for notification in asked
        if notification.status is Status.UNCERTAIN
        and notification.open.gateway_id is None
        and notification.open.reference not in known_there
    ]
    yield Heard(account, missing=missing, asked=len(asked))


def _batches(reports: Iterator[DeliveryReport]) -> Iterator[list[DeliveryReport]]:
    """Group reports into batches; yield the last one even if the lookup fails."""
    batch: list[DeliveryReport] = []
    try:
        for report in reports:
            batch.append(report)
            if len(batch) == _REPORTS_AT_A_TIME:
                yield batch
                batch = []
    except SmsremindersError:
        yield batch
        raise
    yield batch


def _is_kept(asked: Asked, features: Features, now: datetime) -> bool:
    """Whether a gateway keeps a notification for so long; what is open is asked for in any case."""
    return asked.status in OPEN or asked.open.sent_at > now - features.asked_for
