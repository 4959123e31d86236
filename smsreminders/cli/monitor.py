"""The monitor: an optional address that is told of the start and end of each round; its failure changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from smsreminders.cli.context import Invocation
from smsreminders.cli.endings import ending
from smsreminders.errors import ExitCode, RunIsBusy


@contextmanager
def told_to_monitor(run: Invocation) -> Iterator[Callable[[], None]]:
    """Tell the exit code of a round at its end; call what this yields to tell its start.

    What fails before it has started is told too, but for a run that is busy, which tells by itself; what doesn't start
    and doesn't fail tells nothing. Where neither arrives, that is one warning.
    """
    url = run.settings.monitoring.ping_url
    if url is None:
        yield lambda: None
        return
    from smsreminders.gateways.http.ping import check_ping_url

    check_ping_url(url)
    arrived: list[bool] = []
    code: int | None = None
    try:
        yield lambda: arrived.append(_tell(run, url, "start"))
        code = ExitCode.OK if arrived else None
    except typer.Exit as end:
        code = end.exit_code
        raise
    except RunIsBusy:
        raise
    except BaseException as error:
        code, _ = ending(error)
        raise
    finally:
        if code is not None:
            _tell(run, url, str(int(code)), quietly=arrived == [False])


def _tell(run: Invocation, url: str, what: str, *, quietly: bool = False) -> bool:
    from smsreminders.gateways.http.ping import ping

    arrived = ping(url, what)
    if not arrived and not quietly:
        run.warn("the monitor (monitoring.ping_url) could not be told; the run goes on")
    return arrived
