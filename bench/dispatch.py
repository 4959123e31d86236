"""The sending of a round, all safety on, against a bare client loop: the same library and connections, no database.

Ours is the job as cron runs it, from its first claim on: claims on disk before each request, results committed,
rollback journal with synchronous=EXTRA; the note has the whole round, with its plan. Its peer POSTs the same bodies
with requests, a session for each thread.
"""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from statistics import median

import requests

from bench.loopback import Loopback, loopback
from bench.made_up import RATE, SCHEDULE, WORDING, RunningClock, fill
from bench.measure import Figure, Goal, must, seconds_of
from bench.size import Size
from smsreminders.domain.round.sending import AccountName
from smsreminders.gateways.base import Account, Options
from smsreminders.gateways.by_name import open_gateway
from smsreminders.jobs.round.dispatch import dispatch
from smsreminders.jobs.round.terms import Talk, Terms
from smsreminders.store.database import opened
from smsreminders.store.lock import run_lock
from smsreminders.store.practices import all_practices
from tests.accounts import only

_GOALS = {0: 0.7, 50: 0.85, 150: 0.85}  # milliseconds of an answer: how fast our sending should be
_AS_FAST_AS_IT_GOES = 1_000_000


def run(size: Size) -> Iterator[Figure]:
    """Yield a figure for each time that the gateway takes to answer."""
    with tempfile.TemporaryDirectory() as folder:
        filled = Path(folder) / "filled.db"
        fill(filled, practices=20, due=size.texts)
        for milliseconds, limit in _GOALS.items():
            with loopback(milliseconds / 1000) as gateway:
                turns = [
                    (*_ours(gateway, filled, size), _bare(gateway, size.connections, size.texts))
                    for _ in range(min(size.turns, 5))
                ]
            bare = [theirs for _, _, theirs in turns]
            sending = [seconds for _, seconds, _ in turns]
            yield Figure(
                f"sending of {size.texts:,} texts, {milliseconds} ms answers",
                f"requests, {size.connections} connections, no database",
                tuple(theirs / ours for ours, theirs in zip(sending, bare, strict=True)),
                Goal(limit, at_least=True),
                f"{median(sending):.2f} s against {median(bare):.2f} s; "
                f"the whole round {median(whole for whole, _, _ in turns):.2f} s",
            )


def _ours(gateway: Loopback, filled: Path, size: Size) -> tuple[float, float]:
    """The seconds of a whole round, and those from the end of its planning on."""
    with tempfile.TemporaryDirectory(dir=filled.parent) as folder:
        database = Path(folder) / "smsreminders.db"
        shutil.copyfile(filled, database)
        own = {"api_key": "key", "account_reference": "SPNL1"}
        spryng = open_gateway("spryng", Options(database, base_url=gateway.url, own=own))
        in_use = Account(AccountName("spryng"), spryng, size.connections, _AS_FAST_AS_IT_GOES, timedelta(minutes=10))
        with run_lock(database) as lock, opened(database) as db:
            began = time.perf_counter()
            planned: list[float] = []
            dispatch(
                db,
                lock,
                all_practices(db),
                accounts=only(in_use),
                terms=Terms(SCHEDULE, WORDING, RATE),
                clock=RunningClock(),
                talk=Talk(foreseen=lambda _: planned.append(time.perf_counter())),
            )
            ended = time.perf_counter()
            (sent,) = db.execute("select count(*) from notifications where status = 'sent'").fetchone()
    journal = gateway.journal()
    all_of_them = (sent, journal["taken"], journal["different"]) == (size.texts,) * 3
    must(all_of_them, f"{sent} sent, {journal}")
    return ended - began, ended - planned[0]


def _bare(gateway: Loopback, connections: int, texts: int) -> float:
    of_thread = threading.local()
    body = {
        "accountReference": "SPNL1",
        "channel": "SMS",
        "from": "Praktijk",
        "name": "0" * 32,
        "characterSet": "GSM",
        "validity": "2026-11-25T09:00:00Z",
        "messageType": "NotificationsAndReminders",
        "body": {"text": "Beste Patient, u heeft woensdag 25 november om 10:30 een afspraak bij Praktijk De Linde."},
    }

    def post(number: int) -> None:
        if not hasattr(of_thread, "session"):
            of_thread.session = requests.Session()
            of_thread.session.trust_env = False
        recipients = [{"msisdn": f"+316{number:08}"}]
        headers = {"X-Api-Key": "key"}
        answer = of_thread.session.post(
            f"{gateway.url}/v2/messages", json={**body, "recipients": recipients}, headers=headers, timeout=10
        )
        answer.json()

    def work() -> None:
        with ThreadPoolExecutor(connections) as pool:
            list(pool.map(post, range(texts)))

    seconds = seconds_of(work)
    must(gateway.journal() == {"taken": texts, "different": texts}, "the bare loop didn't send all")
    return seconds
