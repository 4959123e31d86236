"""A server that answers with what it got, a client for it, and what can come of a request to 127.0.0.1."""

from pathlib import Path

from smsreminders.domain.clock import Clock
from smsreminders.domain.round.sending import Uncertain
from smsreminders.gateways.base import Options
from smsreminders.gateways.http.client import HttpClient
from tests.gateways.faults import FaultyServer, Seen

SLOW = Uncertain("127.0.0.1 gave no whole answer within 0.3 s")
LARGE = Uncertain("127.0.0.1 answered with more than 1000000 bytes")
BROKEN = Uncertain("127.0.0.1 broke the connection before its answer was whole")


class Echo(FaultyServer):
    """Answers with what it got."""

    def answer(self, request: Seen) -> tuple[int, object]:
        return 200, {"path": request.path, "got": request.body, "headers": request.headers, "query": request.query}


def a_client(
    base_url: str, *, timeout: float = 10.0, clock: Clock | None = None, per_second: float = 50.0
) -> HttpClient:
    options = Options(Path("smsreminders.db"), base_url, timeout, per_second=per_second, clock=clock)
    return HttpClient(options, "https://gateway.invalid", headers={"X-Api-Key": "canary"}, wait=5.0)
