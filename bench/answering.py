"""A gateway on 127.0.0.1 that takes every text as Spryng would, so many milliseconds after it was asked.

`python -m bench.answering MILLISECONDS` prints its port, and ends with its stdin.
"""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).parents[1]


@contextmanager
def answering(milliseconds: float) -> Iterator[str]:
    """The address of such a gateway, which is a process of its own: its CPU is not ours."""
    command = [sys.executable, "-m", "bench.answering", str(milliseconds)]
    with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipes")
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


class _Connection(asyncio.Protocol):
    """One request after the other, as requests writes them: a head with its content's length, and the content."""

    count = 0

    def __init__(self, seconds: float) -> None:
        self._seconds, self._come = seconds, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where the answers go."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is whole, when its time has come."""
        self._come += data
        head, found, content = self._come.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if found and len(content) >= length:
            self._come = content[length:]
            asyncio.get_running_loop().call_later(self._seconds, self._answer)

    def _answer(self) -> None:
        _Connection.count += 1
        body = b'{"data":{"requestId":"r%d","messageIds":["m%d"]}}' % (_Connection.count, _Connection.count)
        head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        if isinstance(self._transport, asyncio.Transport) and not self._transport.is_closing():
            self._transport.write(head + body)


async def _serve(seconds: float) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(lambda: _Connection(seconds), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)

    def until_the_end() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=until_the_end, daemon=True).start()
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1]) / 1000))
