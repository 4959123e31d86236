"""A gateway whose answers and reports are written down beforehand; it stands for the outside, and keeps a journal."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Lock

from smsreminders.domain.round.sending import Accepted, DeliveryReport, Open, Outcome, Outgoing
from tests.features import FINDS_ALL


def do_nothing(_: Outgoing) -> None:
    """What happens at a send unless a test says otherwise."""


class ScriptedGateway:
    """Takes every message, with an id of its own, unless an answer was written down for it.

    Of the answers that of the reference goes before that of the phone, that before the next one `in_order`, and that
    before what it says `otherwise`.
    `at_send` runs in the thread of the request, before its answer; what it raises comes out of `send`. `reports` are
    what `lookup` tells, one after the other; an exception among them is raised.
    """

    def __init__(self) -> None:
        self.features = FINDS_ALL
        self.trouble: Exception | None = None
        self.by_reference: dict[str, Outcome] = {}
        self.by_phone: dict[str, Outcome] = {}
        self.in_order: deque[Outcome] = deque()
        self.otherwise: Outcome | None = None
        self.at_send: Callable[[Outgoing], None] = do_nothing
        self.journal: list[Outgoing] = []
        self.taken: list[Outgoing] = []
        self.reports: Iterable[DeliveryReport | Exception] = []
        self.asked: list[list[Open]] = []
        self._lock = Lock()

    def send(self, sms: Outgoing) -> Outcome:
        """Write the request into the journal, and answer as is written down."""
        with self._lock:
            self.journal.append(sms)
            answer = self._answer(sms) or Accepted(f"g{len(self.journal)}")
            if isinstance(answer, Accepted):
                self.taken.append(sms)
        self.at_send(sms)
        return answer

    def account(self) -> str:
        """Know the account, unless there is `trouble`."""
        if self.trouble:
            raise self.trouble
        return "known"

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Tell the reports, whoever asks for what."""
        self.asked.append(list(asked))
        for report in self.reports:
            if isinstance(report, Exception):
                raise report
            yield report

    def _answer(self, sms: Outgoing) -> Outcome | None:
        written = self.by_reference.get(sms.reference) or self.by_phone.get(sms.phone)
        return written or (self.in_order.popleft() if self.in_order else self.otherwise)
