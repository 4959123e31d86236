"""A server on 127.0.0.1 that says byte for byte what it is told to: for answers that no HTTP server would give."""

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Script = Callable[[socket.socket], None]


@contextmanager
def raw_server(script: Script) -> Iterator[int]:
    """Its port. `script` gets each connection in turn, which is closed after it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stop, stopped = socket.socketpair()
        served: list[socket.socket] = []
        with stop, stopped:
            thread = threading.Thread(target=_serve, args=(listening, stopped, script, served))
            thread.start()
            try:
                yield int(listening.getsockname()[1])
            finally:
                stop.close()
                for connection in served:
                    with suppress(OSError):  # it has gone already
                        connection.shutdown(socket.SHUT_RDWR)
                thread.join()


def says(answer: bytes, *, again: bytes = b"") -> Script:
    """Read a request's head, then say this; then `again` and again, until the other side hangs up."""

    def script(connection: socket.socket) -> None:
        read_head(connection)
        connection.sendall(answer)
        while again:
            connection.sendall(again)
        wait_for_the_end(connection)

    return script


def tunnels_to(port: int, heads: list[bytes]) -> Script:
    """Be an HTTP proxy that leads every CONNECT to this port of 127.0.0.1; `heads` collects what it was asked."""

    def script(connection: socket.socket) -> None:
        heads.append(read_head(connection))
        with socket.create_connection(("127.0.0.1", port)) as there:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            ways = {connection: there, there: connection}
            while True:
                for side in select.select(list(ways), [], [])[0]:
                    if not (some := side.recv(65_536)):
                        return
                    ways[side].sendall(some)

    return script


def read_head(connection: socket.socket) -> bytes:
    """Everything up to the first empty line."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1) or b"\r\n\r\n"
    return head


def wait_for_the_end(connection: socket.socket) -> None:
    """Say nothing until the other side hangs up."""
    while connection.recv(65_536):
        pass


def _serve(listening: socket.socket, stopped: socket.socket, script: Script, served: list[socket.socket]) -> None:
    while listening in (ready := select.select([listening, stopped], [], [])[0]) and stopped not in ready:
        connection, _ = listening.accept()
        served.append(connection)
        with connection, suppress(ConnectionError):
            script(connection)
