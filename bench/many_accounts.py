"""A gateway on 127.0.0.1 in a process of its own that has many accounts, each known by its key; some of them are down.

It answers as Spryng does. What its key begins with says how an account is: `refused` is answered 401, `busy` 429 with a
pause of a second, `silent` never; every other takes what it gets, and says of it that it was delivered.
Nothing comes in there.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

_HEADER = b"x-api-key:"


@contextmanager
def many_accounts() -> Iterator[str]:
    """Run it, and give its address."""
    command = [sys.executable, "-m", "bench.many_accounts"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline() if process.stdout else 0)}"
        finally:
            process.terminate()


class _Talk(asyncio.Protocol):
    """One connection; a request is whole when its body has come."""

    taken: ClassVar[dict[str, list[str]]] = {}  # the references, by key

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # it is TCP
        self._transport, self._read = transport, b""

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, separator, body = self._read.partition(b"\r\n\r\n")
        length = int(_value(head, b"content-length:") or 0)
        if not separator or len(body) < length:
            return
        self._read = body[length:]
        self._answer(_value(head, _HEADER), head.split(b"?")[0], body[:length])

    def _answer(self, key: str, asked: bytes, body: bytes) -> None:
        if key.startswith("silent"):
            return
        if key.startswith("refused"):
            self._write(b"401 Unauthorized", {})
        elif key.startswith("busy"):
            self._write(b"429 Too Many Requests\r\nRetry-After: 1", {})
        elif asked in {b"GET /v2/inbox", b"GET /v2/optouts"}:
            self._write(b"200 OK", {"data": {"messages": [], "optOuts": [], "currentPage": 1, "totalPages": 0}})
        elif asked.startswith(b"GET"):
            messages = [_message(key, reference) for reference in self.taken.get(key, [])]
            self._write(b"200 OK", {"data": {"messages": messages, "currentPage": 1, "totalPages": 1}})
        else:
            references = self.taken.setdefault(key, [])
            references.append(json.loads(body)["name"])
            self._write(b"202 Accepted", {"data": {"requestId": "r", "messageIds": [_id(len(references))]}})

    def _write(self, status: bytes, body: object) -> None:
        raw = json.dumps(body).encode()
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(raw))
        self._transport.write(head + raw)


def _value(head: bytes, name: bytes) -> str:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(name):
            return line[len(name) :].strip().decode()
    return ""


def _id(number: int) -> str:
    """An id as every account has it: they are equal from account to account."""
    return f"{number:032x}"


def _message(key: str, reference: str) -> dict[str, object]:
    number = _Talk.taken[key].index(reference) + 1
    return {"messageId": _id(number), "requestName": reference, "status": "Sent", "reason": "Delivered"}


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
