"""The optional address that is told of the start and end of each round; that it can't be told changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from smsreminders.cli.context import Invocation
from smsreminders.errors import SmsremindersError


@contextmanager
def told_to_monitor(run: Invocation) -> Iterator[None]:
    """Tell the start, and at the end the exit code; where neither arrives, that is one warning."""
    url = run.settings.monitoring.ping_url
    if url is None:
        yield
        return
    from smsreminders.gateways.http.ping import check_ping_url

    check_ping_url(url)
    told = _tell(run, url, "start")
    code = 1
    try:
        yield
        code = 0
    except typer.Exit as end:
        code = end.exit_code
        raise
    except SmsremindersError as error:
        code = error.exit_code
        raise
    finally:
        _tell(run, url, str(code), quietly=not told)


def _tell(run: Invocation, url: str, what: str, *, quietly: bool = False) -> bool:
    from smsreminders.gateways.http.ping import ping

    told = ping(url, what)
    if not told and not quietly:
        run.warn("the monitor (monitoring.ping_url) could not be told; the run goes on")
    return told
