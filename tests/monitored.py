"""A monitor on 127.0.0.1 that keeps what it is asked for, and answers as it is told or not at all."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple, Self


class Asked(NamedTuple):
    """A request: `path` with its query."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Monitor:
    """A context manager; `status` is what it answers, None is no answer until the test is over."""

    def __init__(self, status: int | None = 200) -> None:
        self.status = status
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.001})

    @property
    def url(self) -> str:
        """The address of one check, as a monitor gives it."""
        return f"http://127.0.0.1:{self._server.server_port}/ping/5f3c"

    @property
    def paths(self) -> list[str]:
        """What was asked for behind that address, in order."""
        return [request.path.removeprefix("/ping/5f3c") for request in self.asked]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, monitor: Monitor) -> None:
        self.monitor = monitor
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._keep()

    def do_POST(self) -> None:
        self._keep()

    def log_message(self, *_: object) -> None:
        pass

    def _keep(self) -> None:
        monitor = self.server.monitor
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        monitor.asked.append(Asked(self.command, self.path, dict(self.headers.items()), body))
        if monitor.status is None:
            monitor.over.wait()
            self.close_connection = True
            return
        self.send_response(monitor.status)
        if 300 <= monitor.status < 400:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()
