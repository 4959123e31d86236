"""The accounts of a configuration: which one a practice uses, and each opened only where it is needed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.sending import AccountName
from smsreminders.errors import ConfigError
from smsreminders.gateways.base import Account
from smsreminders.gateways.features import Features

MAIN = ""  # the name of the account of [gateway]


@dataclass(frozen=True, slots=True)
class Unopened:
    """An account of the configuration: what is known of it without its secret, and how it is opened.

    `open` raises ConfigError where its secret or a key of its own is missing or wrong.
    """

    name: AccountName
    features: Features
    connections: int
    per_second: float
    open: Callable[[], Account]


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a configuration by name; `[gateway]` is the one of the empty name.

    `named` finds one, `of_practice` gives the name of the one that the practice of a code uses. What is wrong with an
    account is a ConfigError of whoever asks for it, and of nobody else.
    """

    names: Sequence[str]
    named: Callable[[str], Unopened]
    of_practice: Callable[[str], str]

    def of(self, practice: Practice) -> Unopened:
        """Find the account that a practice uses. Raises ConfigError."""
        return self.named(self.of_practice(practice.code))

    def check_usable(self, practices: Sequence[Practice]) -> None:
        """Refuse a run of practices of which no account can be opened. Raises the ConfigError of the first one's."""
        problem: ConfigError | None = None
        for name in dict.fromkeys(self.of_practice(practice.code) for practice in practices):
            try:
                self.named(name).open()
            except ConfigError as error:
                problem = problem or error
            else:
                return
        if problem:
            raise problem

    def readable(self) -> list[AccountName]:
        """List the accounts of the configuration, without those that are wrong."""
        found = []
        for name in self.names:
            with suppress(ConfigError):
                found.append(self.named(name).name)
        return found

    def rehearses(self, practice: Practice) -> bool:
        """Whether a practice's account sends nothing; one that is wrong would send."""
        try:
            return self.of(practice).features.sends_nothing
        except ConfigError:
            return False
