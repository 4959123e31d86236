"""A poll of many open notifications: how many requests it takes, and how long beside fetching the pages alone."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import requests

from bench.filled import COVERS, NUMBERS, PRACTICES, make
from bench.made_up import RunningClock
from bench.measure import Figure, Goal, must, seconds_of, times
from bench.pages import PAGE_SIZE, PATH, gateway_of
from bench.size import Size
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import AccountName
from smsreminders.gateways.base import Account, Options
from smsreminders.gateways.by_name import open_gateway
from smsreminders.jobs.round.poll import poll
from smsreminders.store.database import opened
from smsreminders.store.practices import all_practices
from smsreminders.store.round.notification_counts import count_by_status
from tests.accounts import only
from tests.gateways.contract import Fate, an_sms, asked_about, bench_of

# What one request brings: the most that a gateway gives, or as many as surely fit into the longest answer that we read.
# Gammu isn't here: it is asked by one statement of SQL.
_AT_A_TIME = {"spryng": 500, "cm": 1000, "bird": 100, "twilio": 80, "seven": 100, "infobip": 40, "smsgate": 100}
_ANSWER_TIMES = {0.0: 20, 0.05: 2}  # seconds for a page, and how many times as long as the pages alone ours may take
_SENT = f"""{NUMBERS} insert into notifications (id, reference, practice_id, service_id, appointment_id, patient_id,
        notification_type, channel, revision, occasion, attempt, rehearsed, starts_at, phone, sender_id, text,
        encoding, segments,
        status, created_at,
        sent_at, sent_on, gateway, account, gateway_id)
    select n, printf('%032x', n), n % {PRACTICES} + 1, n % {PRACTICES} + 1, n, n, 'appointment-reminder', 'sms',
        1, 1, 1, 0,
        '2026-11-24T09:30:00Z', '+31612345678', 'Praktijk', 'Beste mevrouw De Vries, tot morgen om 10:30.', 'GSM-7', 1,
        'sent', '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', '2026-11-23', 'spryng', '',
        printf('%032x', n) from ids"""


def run(size: Size) -> Iterator[Figure]:
    """The requests of each gateway's lookup, and the time of the whole job.

    Twilio lists by date what has left it already, so it is asked once more about what all waits there.
    """
    for name, at_a_time in _AT_A_TIME.items():
        yield _requests(name, at_a_time, size)
    yield _requests("twilio", _AT_A_TIME["twilio"], size, fate=Fate.NONE)
    yield from _whole(size)


def _requests(name: str, at_a_time: int, size: Size, *, fate: Fate = Fate.DELIVERED) -> Figure:
    """Each was sent a second after the one before it, and came to the same fate.

    A page more than needed is no miss: a list that doesn't say how long it is ends with an empty one.
    """
    with tempfile.TemporaryDirectory() as folder, bench_of(name)(Path(folder)) as other_side:
        gateway = other_side.open()
        asked = []
        for number in range(size.texts):
            sms = an_sms(number + 2)
            sms = replace(sms, handed_over_at=sms.handed_over_at + timedelta(seconds=number))
            outcome = gateway.send(sms)
            other_side.settle(sms.reference, fate)
            asked.append(asked_about(sms, getattr(outcome, "gateway_id", None)))
        before = len(other_side.server.requests)
        status = Status.DELIVERED if fate is Fate.DELIVERED else Status.SENT
        references = {report.reference for report in gateway.lookup(asked) if report.status is status}
        must(len(references) == size.texts, f"{name} told of {len(references)} of {size.texts}")
        asked_for, needed = len(other_side.server.requests) - before, -(-size.texts // at_a_time)
    return Figure(
        f"requests for {size.texts:,} {status} ones at {name}",
        f"the pages of {at_a_time} that they fill",
        (asked_for / needed,),
        Goal(max(1.1, (needed + 1) / needed)),
        f"{asked_for} for {needed}",
    )


def _whole(size: Size) -> Iterator[Figure]:
    """Ours writes down each report: its status, its event and what the gateway counted; about 50 µs each.

    Reports are written 500 in a transaction, and no request is under way in it: a process that dies loses at most
    those, which the next poll reads again. In memory stand what is asked for and one page, about 1 kB for each open
    notification. More in a transaction would save a tenth of a second in 10,000. Beside answers in no time at all the
    writing is most of it, so there the limit is wide.
    """
    with tempfile.TemporaryDirectory() as folder:
        filled = Path(folder) / "filled.db"
        make(filled, [(_SENT, {"ids": size.texts}), (COVERS, {})])
        for answer_time, limit in _ANSWER_TIMES.items():
            with gateway_of(size.texts, answer_time) as url:
                yield times(
                    partial(_poll, filled, url, size.texts),
                    partial(_fetch, url, size.texts),
                    turns=size.turns,
                    goal=Goal(limit),
                    what=f"poll of {size.texts:,}, an answer in {answer_time * 1000:.0f} ms",
                    against="fetching the pages with requests",
                )


def _poll(filled: Path, url: str, texts: int) -> float:
    """A poll of a new copy: the file and the statuses that it comes to are not measured."""
    path = Path(shutil.copyfile(filled, filled.with_name("copy.db")))
    own = {"api_key": "bench", "account_reference": "SPNL0000001"}
    gateway = open_gateway("spryng", Options(path, url, own=own))
    in_use = Account(AccountName("spryng"), gateway, connections=1, per_second=1000, settle_time=timedelta(minutes=10))
    with opened(path) as db:
        practices = all_practices(db)
        work = partial(
            poll, db, practices, accounts=only(in_use), give_up_after=timedelta(hours=72), clock=RunningClock()
        )
        seconds = seconds_of(work)
        ids = [practice.id for practice in practices]
        must(
            count_by_status(db, ids, [Status.DELIVERED], rehearsed=False) == {Status.DELIVERED: texts},
            "not all were delivered",
        )
    return seconds


def _fetch(url: str, texts: int) -> float:
    found = []

    def work() -> None:
        with requests.Session() as session:
            session.trust_env = False
            for number in range(1, -(-texts // PAGE_SIZE) + 1):
                asked = {"pageSize": str(PAGE_SIZE), "pageNo": str(number)}
                found.extend(session.get(url + PATH, params=asked, timeout=10).json()["data"]["messages"])

    seconds = seconds_of(work)
    must(len(found) == texts, f"{len(found)} of {texts} were fetched")
    return seconds
