"""A large file is read by a process of its own, while this one stores what came before.

Reading keeps Python busy and storing keeps SQLite busy, each for about as long. What the reader is ahead is what a pipe
holds, some ten thousand rows.
"""

import gc
import pickle
import signal
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from fcntl import F_SETPIPE_SZ, fcntl
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import Any, TypeVar

from smsreminders.errors import TryAgainLater

_PIPE = 1 << 20  # bytes: the most that Linux gives to anyone
_Part = TypeVar("_Part")


def read_ahead(parts: Iterable[_Part], what: str) -> Iterator[_Part]:
    """The same parts, made by a process that begins at once and ends when nobody takes them any more.

    What making them raises is raised where they are asked for. Raises TryAgainLater there, too, if the process ended
    before the parts did: what it read until then is never taken for all of it. Where there can be no other process,
    this one reads.
    """
    processes = get_context("fork")
    receiver, sender = processes.Pipe(duplex=False)
    with suppress(OSError):  # where less is allowed, a smaller one will do
        fcntl(sender.fileno(), F_SETPIPE_SZ, _PIPE)
    reader = processes.Process(target=_send, args=(parts, receiver, sender), daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # for ever in the other one, which we end
    try:
        reader.start()
    except OSError:
        return iter(parts)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    sender.close()
    return _received(reader, receiver, what)


def _received(reader: ForkProcess, receiver: Connection, what: str) -> Iterator[Any]:
    try:
        while True:
            try:
                message = receiver.recv_bytes()
            except (EOFError, OSError):  # between two messages, or within one
                receiver.close()
                reader.join()
                told = f"{what}: the process that read it ended ({reader.exitcode}): run it again"
                raise TryAgainLater(told) from None
            part, error = pickle.loads(message)  # noqa: S301 - from our own process
            if error is not None:
                raise error
            if part is None:
                return
            yield part
    finally:
        receiver.close()
        reader.terminate()
        reader.join()


def _send(parts: Iterable[object], receiver: Connection, sender: Connection) -> None:
    receiver.close()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()  # what is read holds no cycles, and the collector would look through it again and again
    with suppress(BrokenPipeError):  # then the other process is gone
        for message in _messages(parts):
            sender.send_bytes(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))


def _messages(parts: Iterable[_Part]) -> Iterator[tuple[_Part | None, Exception | None]]:
    """Each part, and how they ended: with nothing or with an error."""
    try:
        for part in parts:
            yield part, None
        yield None, None
    except Exception as error:  # noqa: BLE001 - it is raised in the other process
        error.add_note(traceback.format_exc())
        yield None, error
