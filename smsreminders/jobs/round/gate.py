"""The gate before the gateway: what was claimed ahead leaves only while all is well."""

from threading import Lock

from smsreminders.domain.sending import Outcome, Outgoing, Refused, Unavailable
from smsreminders.gateways.base import Gateway

NEVER_LEFT = Unavailable("the run paused or ended before its request left")


class Gate:
    """Closes by itself, in the thread of the request, when the gateway refuses or can't take one.

    It opens again when the run has weighed that, unless the run itself keeps it `shut`: it has stopped, or pauses.
    A context manager: at its end it is shut for good, whatever ended it.
    """

    def __init__(self, gateway: Gateway) -> None:
        self.shut = False
        self._gateway, self._lock, self._not_weighed = gateway, Lock(), 0

    def __enter__(self) -> "Gate":
        return self

    def __exit__(self, *_: object) -> None:
        self.shut = True

    def pass_through(self, sms: Outgoing) -> Outcome:
        """Hand it over, or give it back as one that never left. May be called by several threads at a time."""
        if self.shut or self._not_weighed:
            return NEVER_LEFT
        outcome = self._gateway.send(sms)
        if isinstance(outcome, Refused | Unavailable):
            self._count(1)
        return outcome

    def weighed(self, outcome: Outcome) -> None:
        """The run knows of this outcome."""
        if isinstance(outcome, Refused | Unavailable):
            self._count(-1)

    def _count(self, more: int) -> None:
        with self._lock:
            self._not_weighed += more
