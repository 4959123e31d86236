"""The loopback Spryng as the tests of the commands use it: in the configuration, and with its answers held back."""

import threading
from datetime import datetime

from tests.cli.running import TUESDAY, Program
from tests.gateways.fake_spryng import FakeSpryng
from tests.gateways.faults import Seen

_A_LONG_TIME = 60  # seconds: that something is wrong


class HeldSpryng(FakeSpryng):
    """A Spryng that holds its answers to requests of one method until it is told to `go`."""

    def __init__(self, method: str = "POST") -> None:
        super().__init__(now=datetime.fromisoformat(TUESDAY))
        self._method = method
        self.go = threading.Event()
        self._came = threading.Semaphore(0)

    def wait_for(self, count: int) -> None:
        """Until so many more of them are under way."""
        for _ in range(count):
            assert self._came.acquire(timeout=_A_LONG_TIME)

    def answer(self, request: Seen) -> tuple[int, object]:
        if request.method == self._method:
            self._came.release()
            assert self.go.wait(_A_LONG_TIME)
        return super().answer(request)

    def __exit__(self, *error: object) -> None:
        self.go.set()
        super().__exit__(*error)


def send_by(spryng: FakeSpryng, program: Program, *, connections: int = 8) -> None:
    """Put this Spryng into the configuration, which holds its secret."""
    program.configure(
        f"""
[gateway]
name = "spryng"
base_url = "{spryng.url}"
account_reference = "{spryng.account_reference}"
api_key = "{spryng.api_key}"
timeout = "90s"
connections = {connections}
per_second = 10000
"""
    )
