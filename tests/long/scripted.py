"""A gateway that does as a scenario says: takes or not, answers or not, dies or not; and keeps what it took."""

import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from smsreminders.domain.clock import Clock
from smsreminders.domain.round.inbound import Mark, Received
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import (
    Accepted,
    DeliveryReport,
    Open,
    Outcome,
    Outgoing,
    Refused,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsreminders.domain.segments import count_segments
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from tests.features import FINDS_ALL


class Answer(StrEnum):
    """What becomes of a request to send; a second word says whether the gateway took it."""

    ACCEPTED = "accepted, taken"
    AN_OLD_ID = "accepted with an id that it gave before, taken"
    LOST_AFTER = "uncertain, taken"
    LOST_BEFORE = "uncertain"
    DOWN = "unavailable"
    WAIT = "unavailable for a while"
    REJECTED = "rejected"
    OPTED_OUT = "rejected, for its holder opted out"
    REFUSED = "refused"
    DIES_AFTER = "our process dies, taken"
    DIES_BEFORE = "our process dies"


class Listing(StrEnum):
    """How it answers a lookup."""

    WHOLE = "whole"
    DOWN = "down"
    REFUSED = "refused"
    BREAKS_OFF = "breaks off"
    DIES = "our process dies"


class Death(BaseException):
    """Our process ends here: nothing after it runs, as nothing of ours catches it."""


@dataclass(slots=True)
class Taken:
    """A message at the gateway; `words` is what its list says, in order."""

    sms: Outgoing
    gateway_id: str
    words: list[Status | None] = field(default_factory=lambda: [Status.SENT])
    hidden_for: timedelta = timedelta()

    @property
    def segments(self) -> int:
        return count_segments(self.sms.text).segments


class Scripted:
    """Implements the Gateway protocol; `answers` go by the reference, so threads make no difference."""

    features = replace(FINDS_ALL, hears=True)

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.requests: list[Outgoing] = []
        self.taken: list[Taken] = []
        self.came_in: list[Received] = []
        self.given: list[str] = []  # ids that we know
        self._lock = threading.Lock()
        self.answers: Sequence[Answer] = [Answer.ACCEPTED]
        self.listing = Listing.WHOLE
        self.lag = timedelta()
        self.meanwhile: Callable[[], None] | None = None
        self.on_request: Callable[[Outgoing], None] = lambda _sms: None
        self.told: set[str] = set()
        self.told_delivered: set[str] = set()
        self.answered: Counter[Answer] = Counter()

    def send(self, sms: Outgoing) -> Outcome:
        with self._lock:
            self.requests.append(sms)
            gateway_id = f"id-{len(self.requests)}"
        self.on_request(sms)
        answer = self.answer_for(sms)
        self.answered[answer] += 1
        if "taken" in answer:
            self.taken.append(Taken(sms, gateway_id, hidden_for=self.lag))
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return self._outcome(answer, gateway_id)

    def answer_for(self, sms: Outgoing) -> Answer:
        """What becomes of this request."""
        return self.answers[zlib.crc32(sms.reference.encode()) % len(self.answers)]

    def account(self) -> str:
        return "known"

    def inbox(self, since: datetime) -> Iterator[Sequence[Received]]:
        if self.listing is Listing.DOWN:
            raise TryAgainLater("the gateway can't be asked now")
        if self.listing is Listing.REFUSED:
            raise AdministratorNeeded("the gateway refuses the account")
        pages = [[received] for received in self.came_in if received.received_at >= since]
        for number, page in enumerate(pages, 1):
            yield page
            if number < len(pages) and self.listing is Listing.DIES:
                raise Death
            if number < len(pages) and self.listing is Listing.BREAKS_OFF:
                raise TryAgainLater("the gateway can't be asked now")

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        if self.listing is Listing.DOWN:
            raise TryAgainLater("the gateway can't be asked now")
        if self.listing is Listing.REFUSED:
            raise AdministratorNeeded("the gateway refuses the account")
        references = {notification.reference for notification in asked}
        reports = [report for report in self._reports() if report.reference in references]
        broken = self.listing is not Listing.WHOLE
        for report in reports[: len(reports) // 2] if broken else reports:
            if self.listing is not Listing.DIES:  # what is heard by a process that dies may be lost with it
                self.told.add(report.reference)
                if report.status is Status.DELIVERED:
                    self.told_delivered.add(report.reference)
            yield report
        if self.listing is Listing.DIES:
            raise Death
        if broken:
            raise TryAgainLater("the gateway can't be asked now")

    def _reports(self) -> Iterator[DeliveryReport]:
        for taken in self.taken:
            if self._clock.now() >= taken.sms.handed_over_at + taken.hidden_for:
                for status in taken.words:
                    word = "Teleported" if status is None else status.value
                    yield DeliveryReport(taken.sms.reference, status, word, taken.gateway_id, segments=taken.segments)

    def _outcome(self, answer: Answer, gateway_id: str) -> Outcome:
        match answer:
            case Answer.ACCEPTED:
                self.given.append(gateway_id)
                return Accepted(gateway_id)
            case Answer.AN_OLD_ID:
                return Accepted(self.given[0] if self.given else gateway_id)
            case Answer.LOST_AFTER | Answer.LOST_BEFORE:
                return Uncertain("the gateway broke the connection")
            case Answer.DOWN:
                return Unavailable("there is no connection to it")
            case Answer.WAIT:
                return Unavailable("it asks to wait", 7.0)
            case Answer.REJECTED:
                return Rejected("msisdnInvalid")
            case Answer.OPTED_OUT:
                return Rejected("opted out", Mark.OPTED_OUT)
            case Answer.REFUSED:
                return Refused("the credit is used up")
            case Answer.DIES_AFTER | Answer.DIES_BEFORE:
                raise Death
