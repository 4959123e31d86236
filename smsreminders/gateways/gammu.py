"""Gammu SMSD 1.42: a GSM modem on the practice's own machine, through the tables of SMSD's SQLite file.

Sources: gammu-smsd-tables(7), gammu-smsd-sql(7), and smsd/core.c for what follows a failure; the rest was run with
gammu-smsd 1.42 of Debian 12 and its dummy phone (tests/gateways/test_gammu_daemon.py), never with a modem. The sender
is the SIM's own number.

SMSD knows no latest time: what stands in its outbox when it stops goes out when it starts again, and only then does
the validity period begin. So nothing is handed over while it gives no sign of life, and what still waits when its
appointment has begun is taken out of the outbox by the next question for it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from smsreminders.domain.round.inbound import Received
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import (
    Accepted,
    DeliveryReport,
    Open,
    Outcome,
    Outgoing,
    Rejected,
    Unavailable,
)
from smsreminders.domain.segments import split_segments
from smsreminders.errors import ConfigError, TryAgainLater
from smsreminders.gateways.base import Options
from smsreminders.gateways.features import Features, Key
from smsreminders.gateways.gammu_inbox import WAIT, joined
from smsreminders.gateways.gammu_tables import (
    Segment,
    commit,
    fates,
    inbox,
    known_id,
    opened,
    put,
    sign_of_life,
    withdraw,
)
from smsreminders.gateways.http.answers import masked, shown

FEATURES = Features(
    "Gammu SMSD",
    keys=(
        Key(
            "database", "the path of SMSD's SQLite file: its dbdir and database", form=re.compile(r"[^\x00-\x1f\x7f]+")
        ),
    ),
    kept=timedelta(days=365),  # for ever, unless somebody cleans SMSD's tables
    repeats_for=timedelta(days=365),
    counts_segments=True,
    hears=True,
    connections=1,  # a modem is slower anyway, and SMSD has no patience with locks
    per_second=5,
)

STATUSES: dict[str, Status] = {  # of sentitems: gammu-smsd-tables(7)
    "SendingOK": Status.SENT,
    "SendingOKNoReport": Status.SENT,
    "SendingError": Status.FAILED,
    "DeliveryOK": Status.DELIVERED,
    "DeliveryFailed": Status.FAILED,
    "DeliveryPending": Status.SENT,
    "DeliveryUnknown": Status.SENT,  # the network's report has a status that the standard reserves
    "Error": Status.FAILED,
    "Reserved": Status.SENT,
}
REPORTED: dict[tuple[str, int], Status] = {  # with StatusError, 3GPP TS 23.040 9.2.3.15, where that says more
    ("DeliveryOK", 0x01): Status.SENT,  # forwarded, but the service centre can't confirm the delivery
    ("DeliveryOK", 0x02): Status.SENT,  # replaced by another one
    ("DeliveryFailed", 0x46): Status.EXPIRED,  # the validity period is over
}

_EARLIER = timedelta(hours=1)  # parts wait for each other; and what comes again does no harm
_MOST_SEGMENTS = 50  # GSM_MAX_MULTI_SMS of libGammu: SMSD would leave the rest out
_WORST_FIRST = (Status.FAILED, Status.EXPIRED, None, Status.SENT, Status.DELIVERED)


class Gammu:
    """An SMSD, by its SQLite file; `patience` are the seconds to wait for another program's lock."""

    features = FEATURES

    def __init__(self, file: Path, patience: float) -> None:
        self._file, self._patience = file, patience

    def send(self, sms: Outgoing) -> Outcome:
        """Put one SMS into SMSD's outbox, our reference as its CreatorID; what SMSD has already isn't put again."""
        if wrong := _wrong_with(sms):
            return Rejected(wrong)
        try:
            with opened(self._file, self._patience) as smsd:
                smsd.execute("begin immediate")
                if id_ := known_id(smsd, sms):
                    return Accepted(gateway_id=id_)
                sign_of_life(smsd)
                id_ = put(smsd, sms)
                return commit(smsd) or Accepted(gateway_id=id_)
        except TryAgainLater as error:
            return Unavailable(str(error))

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Ask for all SMS at once, by their references; what waits too long is withdrawn first."""
        if not asked:
            return
        with opened(self._file, self._patience) as smsd:
            withdrawn = withdraw(smsd, asked)
            segments_of = fates(smsd, asked)
        for reference, id_ in withdrawn:
            yield DeliveryReport(reference, Status.EXPIRED, raw="withdrawn: it waited too long", gateway_id=id_)
        for (reference, id_), segments in segments_of.items():
            yield _report(reference, id_, segments)

    def inbox(self, since: datetime) -> Iterator[Sequence[Received]]:
        """Read what was noted since an hour before, in one look; no lock is held while it is worked on."""
        start = since - _EARLIER
        with opened(self._file, self._patience) as smsd:
            rows = inbox(smsd, start - WAIT)
        yield list(joined(rows, start))

    def account(self) -> str:
        """Say whether SMSD runs, and how well its modem hears the network."""
        with opened(self._file, self._patience) as smsd:
            signal = sign_of_life(smsd)
        return f"gammu-smsd runs, signal {signal} %" if signal > 0 else "gammu-smsd runs"


def open_gateway(options: Options) -> Gammu:
    """Open the SMSD of this file; a relative path is beside our own database. Raises ConfigError."""
    if options.base_url:
        raise ConfigError("gateway.base_url: gammu has no address, it is reached by gateway.database: take it out")
    return Gammu(options.beside.parent / options.own["database"], options.timeout)


def _wrong_with(sms: Outgoing) -> str:
    """Why SMSD can't send this as it is: it would change it, cut it or send it to nobody; empty where it can."""
    if not sms.phone:
        return "there is no number"
    if not sms.text:
        return "the text is empty"
    if "\0" in sms.text or any("\ud800" <= character <= "\udfff" for character in sms.text):
        return "the text holds a character that SMSD can't be given"
    if len(split_segments(sms.text)) > _MOST_SEGMENTS:
        return f"the text takes more than {_MOST_SEGMENTS} segments"
    return ""


def _report(reference: str, id_: str, segments: Sequence[Segment]) -> DeliveryReport:
    """Report the worst segment of a message; while a part of it stands in the outbox, it is not sent yet."""
    if any(segment.word is None for segment in segments):
        return DeliveryReport(reference, Status.SENT, raw="queued at SMSD", gateway_id=id_)
    worst = min(segments, key=lambda segment: _WORST_FIRST.index(_status(segment)))
    return DeliveryReport(
        reference=reference,
        status=_status(worst),
        raw=masked(shown(worst.word), str(worst.error) if worst.error > 0 else ""),
        gateway_id=id_,
        reported_at=max((shown(segment.delivered_at) for segment in segments if segment.delivered_at), default=None),
        segments=len(segments),
    )


def _status(segment: Segment) -> Status | None:
    word = segment.word or ""
    return REPORTED.get((word, segment.error), STATUSES.get(word))
