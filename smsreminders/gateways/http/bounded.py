"""The connections that requests uses here: an answer ends in time and in size, and a failure to connect has a name.

Three exceptions leave this file that are neither OSErrors nor urllib3's, so that neither urllib3 nor requests wraps
them into something that says less.
"""

import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from typing import TYPE_CHECKING

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PLACES = 4  # gateways that a thread keeps a connection with; of a fifth it is made anew
LONGEST_ANSWER = 1_000_000  # bytes, header and all


class NotConnected(Exception):
    """The connection, or TLS on it, never stood: no byte of the request was written. The cause says why."""


class TooSlow(Exception):
    """The answer was not whole in time."""


class TooLarge(Exception):
    """The answer is larger than any that is meant for us."""


class _BoundedReader(io.RawIOBase):
    """Reads from a socket until its time-out is over or so many bytes came, in whatever parts an answer comes.

    A socket's time-out counts for each read; here it counts from the beginning, for all of them together.
    """

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, longest: int) -> None:
        self._raw, self._sock = raw, sock
        self._ends_at = time.monotonic() + (sock.gettimeout() or 0)
        self._room = longest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TooSlow
        self._sock.settimeout(left)
        try:
            count = self._raw.readinto(buffer)
        except TimeoutError:
            raise TooSlow from None
        self._room -= count or 0
        if self._room < 0:
            raise TooLarge
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedResponse(HTTPResponse):
    """The response that http.client makes of a socket, over a bounded reader; TLS and proxy make no difference."""

    longest = LONGEST_ANSWER

    def __init__(
        self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self.fp = io.BufferedReader(_BoundedReader(self.fp.detach(), sock, self.longest))


@contextmanager
def _connecting() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise NotConnected from error


class _Connection(HTTPConnection):
    response_class = _BoundedResponse

    def connect(self) -> None:
        with _connecting():
            super().connect()


class _TlsConnection(HTTPSConnection):
    response_class = _BoundedResponse

    def connect(self) -> None:
        with _connecting():
            super().connect()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def _pools(longest: int) -> dict[str, type[HTTPConnectionPool]]:
    """Make the kinds of connections whose answers have at most so many bytes, by scheme."""
    if longest == LONGEST_ANSWER:
        return {"http": _Pool, "https": _TlsPool}
    answer = {"response_class": type("_LongResponse", (_BoundedResponse,), {"longest": longest})}
    kinds = {"http": (_Pool, _Connection), "https": (_TlsPool, _TlsConnection)}
    return {
        scheme: type(pool.__name__, (pool,), {"ConnectionCls": type(connection.__name__, (connection,), answer)})
        for scheme, (pool, connection) in kinds.items()
    }


class BoundedAdapter(HTTPAdapter):
    """Sends a request once, without a retry, over bounded connections of one thread.

    It needs no Session: that would read the body and the address of a redirect, keep cookies and look into ~/.netrc.
    """

    def __init__(self, longest: int = LONGEST_ANSWER) -> None:
        """An answer has at most `longest` bytes, header and all."""
        super().__init__(pool_connections=_PLACES, pool_maxsize=1, max_retries=0)
        self._pools = self.poolmanager.pool_classes_by_scheme = _pools(longest)

    def proxy_manager_for(self, proxy: str, **kwargs: object) -> ProxyManager:
        """The connections through a proxy, bounded like all others."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager
