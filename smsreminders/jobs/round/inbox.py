"""Listen to the accounts: what came in from phones, and which numbers opted out, each list read page by page."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from smsreminders.domain.clock import Clock
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import ASKED_FOR
from smsreminders.domain.round.sending import AccountName
from smsreminders.errors import AdministratorNeeded, ConfigError, SmsremindersError, TryAgainLater
from smsreminders.gateways.accounts import Accounts, Unopened
from smsreminders.gateways.base import Account, Hears, KnowsOptOuts
from smsreminders.jobs.round.answers import Addressed, Heard, take_opt_outs, take_replies
from smsreminders.jobs.round.one_writer import OneWriter, Write, at_once
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.practices import all_practices
from smsreminders.store.round import inbox as store

Take = Callable[..., None]  # a page, with the time and the count

_READ_AGAIN = timedelta(hours=2)  # at least: local times without a zone go back an hour in autumn
_QUIET = timedelta(days=1)  # a list without anything new is read from then on: else each time from weeks ago
_EVER = datetime(2000, 1, 1, tzinfo=UTC)  # who opted out before the first look is opted out too


def hear(db: Database, practices: Sequence[Practice], *, accounts: Accounts, clock: Clock) -> Heard:
    """Read what came in at the accounts of these practices, and at those that no practice uses any more.

    What is heard counts for every practice of an account. Each page is committed before the next is asked for, for some
    gateways tell each SMS only once; what is told again changes nothing. An account that can't be heard now is a
    trouble of its own, and what it had told by then is kept. Several accounts are read at a time.
    """
    heard, everyone = Heard(), all_practices(db)
    hearing = [
        _Listener(db, unopened.open, Addressed(unopened.name, users, everyone), clock, heard)
        for unopened, users in _hearing(practices, everyone, accounts, heard)
    ]
    if len(hearing) == 1:
        hearing[0].listen(at_once)
    elif hearing:
        writer = OneWriter()
        writer.run([partial(listener.listen, writer.write) for listener in hearing])
    return heard


def _hearing(
    practices: Sequence[Practice], everyone: Sequence[Practice], accounts: Accounts, heard: Heard
) -> Iterator[tuple[Unopened, list[Practice]]]:
    """Find the accounts that can be listened to, each with the practices that use it."""
    used: dict[str, list[Practice]] = {}
    for practice in everyone:
        used.setdefault(accounts.of_practice(practice.code), []).append(practice)
    asked = {accounts.of_practice(practice.code) for practice in practices}
    for name in accounts.names:
        if name in asked or name not in used:
            try:
                unopened = accounts.named(name)
            except ConfigError as error:
                if name in asked:
                    heard.troubles[AccountName("", name)] = error
                continue
            if unopened.features.hears or unopened.features.knows_opt_outs:
                yield unopened, used.get(name, [])


@dataclass(frozen=True, slots=True)
class _Listener:
    """An account that is listened to; what is heard is written and counted by one thread, for all accounts."""

    db: Database
    open: Callable[[], Account]
    addressed: Addressed
    clock: Clock
    heard: Heard

    def listen(self, write: Write) -> None:
        """Read the lists of the account to their ends; one that is refused doesn't keep the other from being read."""
        try:
            account = self.open()
            gateway = account.gateway
            try:
                if isinstance(gateway, Hears) and gateway.features.hears:
                    self._read_inbox(gateway, account.settles_after, write)
            except AdministratorNeeded as error:
                self._tell(error, write)
            if isinstance(gateway, KnowsOptOuts) and gateway.features.knows_opt_outs:
                self._read_opt_outs(gateway, account.settles_after, write)
        except (TryAgainLater, AdministratorNeeded) as error:
            if self.addressed.users or not isinstance(error, ConfigError):
                self._tell(error, write)

    def _read_inbox(self, gateway: Hears, settles_after: timedelta, write: Write) -> None:
        began = self.clock.now()
        newest = [began - _QUIET]
        since = write(partial(self._since, "inbox", settles_after, began - ASKED_FOR))
        for page in gateway.inbox(since):
            write(partial(self._take, partial(take_replies, self.db, self.addressed, page)))
            newest += [received.received_at for received in page]
        write(partial(self._note, "inbox", newest))

    def _read_opt_outs(self, gateway: KnowsOptOuts, settles_after: timedelta, write: Write) -> None:
        newest: list[datetime] = []
        since = write(partial(self._since, "opt-outs", settles_after, _EVER))
        for page in gateway.opt_outs(since):
            write(partial(self._take, partial(take_opt_outs, self.db, self.addressed, page)))
            newest += [opted_out.since for opted_out in page if opted_out.since]
        write(partial(self._note, "opt-outs", newest))

    def _since(self, listed: store.Listed, settles_after: timedelta, first: datetime) -> datetime:
        """Find from when on a list is read: again what may have come late into it; `first` where it never was read."""
        read_to = store.read_to(self.db, self.addressed.account, listed)
        return read_to - max(settles_after, _READ_AGAIN) if read_to else first

    def _take(self, take: Take) -> None:
        with write_transaction(self.db):
            take(now=self.clock.now(), heard=self.heard)

    def _note(self, listed: store.Listed, newest: Iterable[datetime]) -> None:
        """Keep how far a list was read to its end; an entry from the future says nothing of that."""
        now = self.clock.now()
        if moments := [moment for moment in newest if moment <= now]:
            with write_transaction(self.db):
                store.note_read_to(self.db, self.addressed.account, listed, max(moments))

    def _tell(self, error: SmsremindersError, write: Write) -> None:
        write(partial(self.heard.troubles.setdefault, self.addressed.account, error))
