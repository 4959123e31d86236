"""What a gateway can do and what it needs: a table at the top of its file, which `gateway list` shows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from smsreminders.domain.round.notifications import ASKED_FOR
from smsreminders.errors import ConfigError, did_you_mean

COMMON_KEYS = ("name", "base_url", "timeout", "connections", "per_second", "settle_time", "secret_file", "secret_env")
NOT_SAID = timedelta(hours=72)  # how long a report is counted on where a gateway doesn't say it

_IN_A_HEADER = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Key:
    """One of a gateway's own keys in [gateway]; `where` says to a person where its value is found.

    `form` is the regular expression of its values; by default what may stand in an HTTP header: no blanks. An optional
    one may be left out.
    """

    name: str
    where: str
    secret: bool = False
    optional: bool = False
    form: re.Pattern[str] = _IN_A_HEADER


@dataclass(frozen=True, slots=True)
class SenderIds:
    """The sender IDs that a gateway takes: as a regular expression, and in words."""

    form: re.Pattern[str]
    words: str


@dataclass(frozen=True, slots=True)
class Features:
    """What a gateway can do and what it needs.

    `sender_ids` are those that it takes, or None where it shows a number of its own. `finds_by_reference`: it can be
    asked for our reference alone, so also for what this database doesn't know that it sent. `kept` is how long it can
    be asked what became of an SMS: later it can't be taken for never sent. `repeats_for` is how long the same
    reference may be sent again and still be one SMS; zero: never.

    That it doesn't know an SMS counts only `settles_after` the attempt, or the configuration's settle time if that is
    longer; and where `references_may_be_lost`, as on some accounts, only once it has told what became of another one
    of the practice.
    `connections` and `per_second` are how fast it goes where the configuration doesn't say. One that `sends_nothing`
    only rehearses: nobody counts as reminded by it, and nothing of it is billed.

    One that `hears` can be asked for the SMS that came in, each of which it gives only once where it `hears_once`; one
    that `knows_opt_outs` for the numbers that opted out.
    """

    title: str
    keys: tuple[Key, ...] = ()
    sender_ids: SenderIds | None = None
    finds_by_reference: bool = True
    kept: timedelta = NOT_SAID
    repeats_for: timedelta = timedelta()
    settles_after: timedelta = timedelta()
    references_may_be_lost: bool = False
    connections: int = 8
    per_second: int = 50
    counts_segments: bool = False
    tells_price: bool = False
    tells_credit: bool = False
    sends_nothing: bool = False
    hears: bool = False
    hears_once: bool = False
    knows_opt_outs: bool = False

    @property
    def asked_for(self) -> timedelta:
        """How long after sending the gateway is asked for an SMS: as long as it keeps it, 35 days if it doesn't say."""
        return ASKED_FOR if self.kept == NOT_SAID else min(self.kept, ASKED_FOR)


_NAME = r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}"
ANY_SENDER = SenderIds(re.compile(rf"\+?[0-9]{{3,15}}|{_NAME}"), "a number, or at most 11 letters and digits")
WHOLE_NUMBERS = SenderIds(
    re.compile(rf"\+[1-9][0-9]{{6,14}}|[1-9][0-9]{{2,5}}|{_NAME}"),
    "a number with its + and country, a short code of 3 to 6 digits, or at most 11 letters and digits",
)
SIXTEEN_DIGITS = SenderIds(
    re.compile(rf"\+?[0-9]{{3,16}}|{_NAME}"), "a number of at most 16 digits, or at most 11 letters and digits"
)
SIXTEEN_DIGITS_DIALLED = SenderIds(  # 00 stands there for the +
    re.compile(rf"[0-9]{{3,16}}|\+[0-9]{{3,14}}|{_NAME}"), SIXTEEN_DIGITS.words
)


def own_keys(name: str, features: Features, own: Mapping[str, str], secret: str | None) -> dict[str, str]:
    """Check a gateway's own keys and give their values; `secret` is that of its secret key if it stands elsewhere.

    Raises ConfigError that names the key, never with its value.
    """
    known = [key.name for key in features.keys]
    for given in own:
        if given not in known:
            raise ConfigError(f"gateway.{given}: {name} has no such key; {did_you_mean(given, [*known, *COMMON_KEYS])}")
    return dict(_values(features, own, secret))


def _values(features: Features, own: Mapping[str, str], secret: str | None) -> Iterator[tuple[str, str]]:
    for key in features.keys:
        value = own.get(key.name) or (secret if key.secret else None)
        if not value and key.optional:
            continue
        if not value:
            elsewhere = ", or name a secret_file or a secret_env" if key.secret else ""
            raise ConfigError(f"gateway.{key.name} is missing: {key.where}{elsewhere}")
        if not key.form.fullmatch(value):
            raise ConfigError(f"gateway.{key.name}: that can't be it: {key.where}; no blanks, no line breaks")
        yield key.name, value
