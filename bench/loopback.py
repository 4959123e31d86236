"""A gateway on 127.0.0.1 that is quicker than any client: it answers as Spryng does, after so many milliseconds.

A process of its own, one thread, so that it takes nothing of the client's interpreter. It answers every POST with a new
id and remembers what it took; GET /journal tells how many, and how many of them differ in recipient and text.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests


@dataclass(frozen=True, slots=True)
class Loopback:
    """The address at which the gateway listens."""

    url: str

    def journal(self) -> dict[str, int]:
        """How many messages it took (`taken`), and how many different ones (`different`); and forget them."""
        with requests.Session() as session:
            session.trust_env = False
            counts: dict[str, int] = session.get(f"{self.url}/journal", timeout=10).json()
            return counts


@contextmanager
def loopback(answer_after: float) -> Iterator[Loopback]:
    """Run it; `answer_after` are the seconds until an answer."""
    command = [sys.executable, "-m", "bench.loopback", str(answer_after)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101  # it is a pipe
        try:
            yield Loopback(f"http://127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.terminate()


class _Talk(asyncio.Protocol):
    """One connection; a request is whole when its body has come."""

    taken: list[bytes] = []  # noqa: RUF012  # of the whole process
    answer_after = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # it is TCP
        self._transport, self._read = transport, b""

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, separator, body = self._read.partition(b"\r\n\r\n")
        length = _length(head)
        if not separator or len(body) < length:
            return
        self._read = body[length:]
        if head.startswith(b"GET"):
            counts = {"taken": len(self.taken), "different": len(set(map(_what, self.taken)))}
            self.taken.clear()
            self._answer(b"200 OK", counts)
            return
        self.taken.append(body[:length])
        ids = {"requestId": "r", "messageIds": [f"m{len(self.taken)}"]}
        if self.answer_after:
            asyncio.get_running_loop().call_later(self.answer_after, self._answer, b"202 Accepted", {"data": ids})
        else:
            self._answer(b"202 Accepted", {"data": ids})

    def _answer(self, status: bytes, body: object) -> None:
        raw = json.dumps(body).encode()
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(raw))
        self._transport.write(head + raw)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _what(body: bytes) -> tuple[str, str]:
    request = json.loads(body)
    return request["recipients"][0]["msisdn"], request["body"]["text"]


async def _serve(answer_after: float) -> None:
    _Talk.answer_after = answer_after
    server = await asyncio.get_running_loop().create_server(_Talk, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
