"""A real HTTP server on 127.0.0.1 that can be told to fail: what the fakes of all HTTP gateways are made of.

Nothing sleeps: what hangs waits for the other side to close, and what trickles waits on an event with a time-out.
"""

import json
import socket
import ssl
import struct
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, Literal, Self
from urllib.parse import parse_qsl, urlsplit

_HUGE = 100_000_000  # bytes
_A_MOMENT = 0.02  # seconds between two bytes that trickle


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came in; header names in small letters, `body` its JSON or its form's fields.

    `asked` are the query's names and values with all that are repeated, of which `query` has the last.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: object
    asked: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is answered instead. `taken`: the gateway does what was asked of it first, and only the answer is lost."""

    status: int = 202
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    taken: bool = False
    how: Literal["whole", "cut", "drop", "reset", "silent", "huge", "trickle-header", "trickle-body"] = "whole"


_HTML = b"<html><body>Bad gateway</body></html>"

FAULTS: dict[str, Fault] = {
    **{str(status): Fault(status, b'{"errors":[]}') for status in (400, 401, 402, 403, 404, 405, 410, 413, 422)},
    **{str(status): Fault(status, b'{"errors":[]}') for status in (429, 500, 503, 504)},
    **{str(status): Fault(status) for status in (301, 302, 307, 308)},  # with a Location among the headers
    "401-html": Fault(401, _HTML),
    "502-html": Fault(502, _HTML),
    "drop-before": Fault(how="drop"),
    "drop-after": Fault(how="drop", taken=True),
    "reset-after": Fault(how="reset", taken=True),
    "silent": Fault(how="silent"),
    "silent-after": Fault(how="silent", taken=True),
    "cut": Fault(body=b'{"data":', how="cut", taken=True),
    "html": Fault(body=_HTML, taken=True),
    "empty": Fault(taken=True),
    "list": Fault(body=b"[]", taken=True),
    "number": Fault(body=b"1e99999999999999999999", taken=True),
    "nan": Fault(body=b'{"data":NaN}', taken=True),
    "deep": Fault(body=b"[" * 200_000, taken=True),
    "not-utf8": Fault(body=b'"\xff"', taken=True),
    "huge": Fault(how="huge", taken=True),
    "trickle-header": Fault(how="trickle-header", taken=True),
    "trickle-body": Fault(how="trickle-body", taken=True),
}


def _parsed(body: bytes, content_type: str) -> object:
    if content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode("ascii"), strict_parsing=True, keep_blank_values=True))
    return json.loads(body) if body else None


class FaultyServer:
    """Answers as `answer` says, unless it was told to fail; a context manager. `requests` are those that it read."""

    faults: ClassVar[Mapping[str, Fault]] = FAULTS

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Seen] = []
        self.connections = 0
        self.sent_of_huge = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self._faults: deque[tuple[str | None, Fault]] = deque()
        self._tls = tls
        self._broken: list[BaseException] = []
        self._server = _Server(self, 0)

    def answer(self, request: Seen) -> tuple[int, object]:
        """The status and the JSON of the answer to a request."""
        raise NotImplementedError

    @property
    def journal(self) -> Sequence[Mapping[str, object]]:
        """The messages that it took, in order, if it takes any."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """The base_url for a gateway's options."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._server.server_port}"

    def fail_next(
        self,
        fault: str | Fault,
        times: int = 1,
        *,
        method: str | None = None,
        headers: Mapping[str, str] | None = None,
        taken: bool | None = None,
    ) -> None:
        """Let the next requests (of this method) fail; a fault by name may get other headers, or be `taken` or not."""
        chosen = self.faults[fault] if isinstance(fault, str) else fault
        chosen = replace(chosen, headers=headers or chosen.headers, taken=chosen.taken if taken is None else taken)
        with self.lock:
            self._faults.extend([(method, chosen)] * times)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Refuse connections for a while, at the same address."""
        port = self._server.server_port
        self._server.stop()
        bound = socket.socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", port))
        try:
            yield
        finally:
            bound.close()
            self._server = _Server(self, port)
            self._server.start(self._tls)

    def __enter__(self) -> Self:
        self._server.start(self._tls)
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.stop()
        assert not self._broken, self._broken

    def next_fault(self, method: str) -> Fault | None:
        """The fault that is meant for a request, which is used up by it."""
        with self.lock:
            for place, (of, fault) in enumerate(self._faults):
                if of in {None, method}:
                    del self._faults[place]
                    return fault
        return None

    def note(self, error: BaseException | None) -> None:
        """Keep what went wrong in the server itself; that the other side hangs up is none of that."""
        if error is not None and not isinstance(error, ConnectionError | ssl.SSLError):
            self._broken.append(error)


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, owner: FaultyServer, port: int) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.001})

    def start(self, tls: ssl.SSLContext | None) -> None:
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        for one in list(self._open):
            with suppress(OSError):  # it has gone already
                socket.socket.shutdown(one, socket.SHUT_RDWR)
        self.server_close()  # waits for the threads

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        assert isinstance(request, socket.socket)
        self._open.add(request)
        self.owner.connections += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        assert isinstance(request, socket.socket)
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, *_: object) -> None:
        self.owner.note(sys.exc_info()[1])


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        pass

    def _serve(self) -> None:
        owner = self.server.owner
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError  # the other side died within its request: that asks for nothing
        parts = urlsplit(self.path)
        request = Seen(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=_parsed(body, self.headers.get_content_type()),
            asked=tuple(parse_qsl(parts.query)),
        )
        with owner.lock:
            owner.requests.append(request)
        fault = owner.next_fault(self.command)
        if fault is None:
            status, answer = owner.answer(request)
            self._write(status, {}, json.dumps(answer).encode())
            return
        if fault.taken:
            owner.answer(request)
        self._fail(fault)

    def _fail(self, fault: Fault) -> None:
        owner = self.server.owner
        self.close_connection = fault.how != "whole"
        match fault.how:
            case "whole":
                self._write(fault.status, fault.headers, fault.body)
            case "cut":
                self._write(fault.status, fault.headers, fault.body, length=len(fault.body) + 1)
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.rfile.close()
                self.connection.close()  # without a shutdown first, so that it is a reset
            case "silent":
                self.connection.recv(1)  # until the other side gives up
            case "huge":
                self._write(fault.status, fault.headers, b"", length=_HUGE)
                while owner.sent_of_huge < _HUGE:
                    owner.sent_of_huge += self.connection.send(b" " * 65_536)
            case "trickle-header":
                self.wfile.write(b"HTTP/1.1 202 Accepted\r\nX-Slow: ")
                self._trickle()
            case "trickle-body":
                self._write(fault.status, fault.headers, b"", length=_HUGE)
                self._trickle()

    def _trickle(self) -> None:
        while not self.server.owner.closing.wait(_A_MOMENT):
            self.wfile.write(b" ")

    def _write(self, status: int, headers: Mapping[str, str], body: bytes, *, length: int | None = None) -> None:
        lines = [f"HTTP/1.1 {status} {responses[status]}", f"Content-Length: {len(body) if length is None else length}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + body)
