"""A feed on 127.0.0.1 that answers what it is told to, and keeps what it was asked."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.gateways.raw_server import raw_server, read_head

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def answer(status: str = "200 OK", body: bytes = CALENDAR, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@contextmanager
def serving(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a feed that gives these answers in turn, and the heads of what it was asked."""
    heads: list[bytes] = []

    def script(connection: socket.socket) -> None:
        heads.append(read_head(connection))
        connection.sendall(answers[len(heads) - 1])

    with raw_server(script) as port:
        yield f"http://127.0.0.1:{port}/private-5f3c/agenda.ics", heads
