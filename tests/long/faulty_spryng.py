"""A Spryng of which any share of the answers is wrong, in every way that the contract suite knows, and whose list lags.

Its time is the program's clock, by which it may be behind. The list shows a message only some time after it was taken.
"""

import random
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

from smsreminders.domain.clock import Clock
from tests.gateways.fake_spryng import FakeSpryng, _Message
from tests.gateways.faults import Fault, Seen

ACCOUNT = ("401", "401-html", "402", "403", "404", "405", "410", "400-sender")  # a run ends at the first of these
NOT_TAKEN = ("400", "413", "422", "400-code")  # never tried again: rejected
REDIRECTS = ["301", "302", "307", "308"]
EITHER = ["500", "502-html", "503", "504", "cut", "html", "empty", "list", "number", "nan", "deep", "not-utf8"]
EITHER += ["no-id", "no-ids", "null-id", "empty-id", "odd-id", "two-ids", "no-request-id", "data-null"]
EITHER += ["drop-before", "drop-after", "reset-after", "huge"]
SLOW = ["silent", "silent-after", "trickle-header", "trickle-body"]  # each lasts as long as the configured time-out
WAITS = ("", "0", "1", "7", "60", "3600", "-5", "1e9", "soon", "Mon, 07 Sep 2026 06:00:30 GMT")
FATES = [("Sent", "Delivered")] * 16 + [("Delivered", "")] * 2 + [("Failed", "NetworkFailed"), ("In Progress", "")]


class FaultySpryng(FakeSpryng):
    """A context manager; `wrong` is the share of wrong answers, by method. Which ones, and the lags, go by the seed.

    `refuses_account`: whether they may say that the account is refused, which ends a run at once.
    """

    def __init__(self, clock: Clock, *, seed: int, longest_lag: float = 60.0, behind: timedelta = timedelta()) -> None:
        super().__init__()
        self._clock, self._random, self._behind = clock, random.Random(seed), behind  # noqa: S311  # no secret
        self._longest_lag = longest_lag
        self.wrong = {"POST": 0.0, "GET": 0.0}
        self.refuses_account = True
        self.answers: Counter[str] = Counter()
        self._shown_from: dict[str, datetime] = {}
        self._of_reference: defaultdict[str, list[_Message]] = defaultdict(list)

    def next_fault(self, method: str) -> Fault | None:
        with self.lock:
            self.answers[method] += 1
            if self._random.random() >= self.wrong[method]:
                return None
            self.answers[f"{method} wrong"] += 1
            fault = self._a_fault(method)
            self.answers[f"{method} taken, and not said so"] += fault.taken
            return fault

    @property
    def references(self) -> set[str]:
        """Of the messages that it took."""
        with self.lock:
            return set(self._of_reference)

    def fates(self) -> dict[str, str]:
        """What became of each message, by its reference: our word for it."""
        words = {"Delivered": "delivered", "Sent": "delivered", "Failed": "failed", "In Progress": "sent"}
        with self.lock:
            return {message.reference: words[message.status] for message in self._messages}

    def _a_fault(self, method: str) -> Fault:
        chance = self._random.random()
        if chance < 0.005 and self.refuses_account:
            return self.faults[self._random.choice(ACCOUNT)]
        if chance < 0.03:
            return self.faults[self._random.choice(NOT_TAKEN)]
        if chance < 0.12:
            wait = self._random.choice(WAITS)
            return replace(self.faults["429"], headers={"Retry-After": wait} if wait else {})
        fault = self.faults[self._random.choice(SLOW if chance < 0.14 else EITHER + REDIRECTS)]
        if method == "GET":
            return replace(fault, status=200 if fault.status == 202 else fault.status, taken=False)
        headers = {"Location": f"{self.url}/v2/messages"} if 300 <= fault.status < 400 else fault.headers
        return replace(fault, headers=headers, taken=self._random.random() < 0.5)

    def _take(self, body: object) -> tuple[int, object]:
        self.now = self._clock.now() - self._behind
        answer = super()._take(body)
        taken = self._messages[-1]
        taken.status, taken.reason = self._random.choice(FATES)
        lag = timedelta(seconds=self._random.uniform(0, self._longest_lag))
        self._shown_from[taken.message_id] = self._clock.now() + lag
        self._of_reference[taken.reference].append(taken)
        return answer

    def _list(self, request: Seen) -> tuple[int, object]:
        now, every = self._clock.now(), self._messages
        if "requestName" in request.query:
            searched = self._of_reference.get(request.query["requestName"], [])
        else:
            start = datetime.fromisoformat(request.query["startTime"])
            searched = every[bisect_left(every, start, key=lambda sms: sms.at) :]
        self._messages = [sms for sms in searched if self._shown_from[sms.message_id] <= now]
        try:
            return super()._list(request)
        finally:
            self._messages = every
