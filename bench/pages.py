"""A gateway on 127.0.0.1 in a process of its own, that does nothing but show pages of what it delivered.

Nothing comes in there.

It answers as Spryng does, out of pages that it made beforehand, so that what is measured is the other side.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PAGE_SIZE = 500  # as our own gateway asks for
PATH = "/v2/messages"
EMPTY = b'{"data": {"messages": [], "optOuts": [], "totalCount": 0, "currentPage": 1, "totalPages": 0}}'


@contextmanager
def gateway_of(messages: int, answer_time: float) -> Iterator[str]:
    """Its address; it has so many messages, with the references and ids `00…01` and so on, and answers after so long.

    The time is in seconds, and added to what an answer takes by itself.
    """
    command = [sys.executable, "-m", "bench.pages", str(messages), str(answer_time)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline() if server.stdout else 0)}"
        finally:
            server.terminate()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    pages: tuple[bytes, ...] = ()
    answer_time = 0.0

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        named = {name.lower(): values[0] for name, values in parse_qs(asked.query).items()}
        body = self.pages[int(named["pageno"]) - 1] if asked.path == PATH else EMPTY
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        time.sleep(self.answer_time)
        self.wfile.write(head.encode() + body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main(messages: int, answer_time: float) -> None:
    """Serve until the process is ended; the port is the one line that is printed."""
    numbers = range(1, messages + 1)
    starts = range(0, messages, PAGE_SIZE)
    _Handler.answer_time = answer_time
    _Handler.pages = tuple(
        json.dumps(
            {
                "data": {
                    "messages": [_message(one) for one in numbers[start : start + PAGE_SIZE]],
                    "totalCount": messages,
                    "currentPage": page,
                    "totalPages": len(starts),
                }
            }
        ).encode()
        for page, start in enumerate(starts, 1)
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


def _message(number: int) -> dict[str, object]:
    return {
        "messageId": f"{number:032x}",
        "requestId": f"{number:032x}",
        "requestName": f"{number:032x}",
        "accountReference": "SPNL0000001",
        "channel": "SMS",
        "originator": "Praktijk",
        "isBillable": True,
        "msisdn": "+31612345678",
        "status": "Sent",
        "reason": "Delivered",
        "messagePartCount": 1,
        "submittedAt": "2026-11-23T08:00:00Z",
        "lastUpdateTimestamp": "2026-11-23T08:00:07Z",
        "direction": "Outbound",
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
