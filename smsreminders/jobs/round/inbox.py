"""Listen to the accounts: what came in from phones, and which numbers opted out, each list read page by page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from smsreminders.domain.clock import Clock
from smsreminders.domain.inbound import OptedOut, Received
from smsreminders.domain.notifications import ASKED_FOR
from smsreminders.domain.practices import Practice
from smsreminders.domain.replies import Reading, Says, confirmed_by, meant, open_at, says, sharing
from smsreminders.domain.sending import AccountName
from smsreminders.domain.stopped import How
from smsreminders.errors import AdministratorNeeded, ConfigError, SmsremindersError, TryAgainLater
from smsreminders.gateways.accounts import Accounts
from smsreminders.gateways.base import Account, Hears, KnowsOptOuts
from smsreminders.jobs.round.stopping import start, stop
from smsreminders.store import inbox as store
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.practices import all_practices

_READ_AGAIN = timedelta(hours=2)  # at least: local times without a zone go back an hour in autumn
_EVER = datetime(2000, 1, 1, tzinfo=UTC)  # who opted out before the first look is opted out too


@dataclass(slots=True)
class Heard:
    """What a run heard: how many replies, numbers that they stopped, appointments that they confirmed, opt-outs.

    `troubles` says of each account that could not be heard why not.
    """

    replies: int = 0
    for_the_desk: int = 0
    stopped: int = 0
    confirmed: int = 0
    opt_outs: int = 0
    troubles: dict[AccountName, SmsremindersError] = field(default_factory=dict)


def hear(db: Database, practices: Sequence[Practice], *, accounts: Accounts, clock: Clock) -> Heard:
    """Read what came in at the accounts of these practices, and at those that no practice uses any more.

    What is heard counts for every practice of an account. Each page is committed before the next is asked for, for some
    gateways tell each SMS only once; what is told again changes nothing. An account that can't be heard now is a
    trouble of its own, and what it had told by then is kept.
    """
    everyone, heard = all_practices(db), Heard()
    asked = {practice.id for practice in practices}
    for name in accounts.names:
        users = [practice for practice in everyone if accounts.of_practice(practice.code) == name]
        if users and asked.isdisjoint(practice.id for practice in users):
            continue
        known_as = AccountName("", name)
        try:
            unopened = accounts.named(name)
            known_as = unopened.name
            if unopened.features.hears or unopened.features.knows_opt_outs:
                _Listener(db, unopened.open(), users or everyone, everyone, clock, heard).listen()
        except (TryAgainLater, AdministratorNeeded) as error:
            if users or not isinstance(error, ConfigError):
                heard.troubles[known_as] = error
    return heard


@dataclass(frozen=True, slots=True)
class _Listener:
    """An account that is listened to, with the practices that use it, all that there are, and what is heard."""

    db: Database
    account: Account
    practices: Sequence[Practice]
    everyone: Sequence[Practice]
    clock: Clock
    heard: Heard

    def listen(self) -> None:
        """Read the lists of the account to their ends; one that is refused doesn't keep the other from being read.

        Raises as `inbox` does.
        """
        gateway = self.account.gateway
        try:
            if isinstance(gateway, Hears) and gateway.features.hears:
                self._read_inbox(gateway)
        except AdministratorNeeded as error:
            self.heard.troubles[self.account.name] = error
        if isinstance(gateway, KnowsOptOuts) and gateway.features.knows_opt_outs:
            self._read_opt_outs(gateway)

    def _read_inbox(self, gateway: Hears) -> None:
        name = self.account.name
        newest: list[datetime] = []
        for page in gateway.inbox(self._since("inbox", self.clock.now() - ASKED_FOR)):
            now = self.clock.now()
            with write_transaction(self.db):
                known = store.known_ids(self.db, name, [received.gateway_id for received in page])
                for received in sorted(page, key=lambda received: received.received_at):
                    if received.gateway_id not in known:
                        self._take(received, now)
                        known.add(received.gateway_id)
            newest += [received.received_at for received in page]
        self._note("inbox", newest)

    def _read_opt_outs(self, gateway: KnowsOptOuts) -> None:
        newest: list[datetime] = []
        for page in gateway.opt_outs(self._since("opt-outs", _EVER)):
            now = self.clock.now()
            with write_transaction(self.db):
                for opted_out in page:
                    self._opt_out(opted_out, now)
            newest += [opted_out.since for opted_out in page if opted_out.since]
        self._note("opt-outs", newest)

    def _since(self, listed: store.Listed, first: datetime) -> datetime:
        """Find from when on a list is read: again what may have come late into it; `first` where it never was read."""
        read_to = store.read_to(self.db, self.account.name, listed)
        return read_to - max(self.account.settles_after, _READ_AGAIN) if read_to else first

    def _note(self, listed: store.Listed, newest: Iterable[datetime]) -> None:
        """Keep how far a list was read to its end; an entry from the future says nothing of that."""
        now = self.clock.now()
        if moments := [moment for moment in newest if moment <= now]:
            with write_transaction(self.db):
                store.note_read_to(self.db, self.account.name, listed, max(moments))

    def _take(self, received: Received, now: datetime) -> None:
        """Write down a reply with what it does: it stops or starts its number, or confirms, or waits for the desk."""
        phone, at = received.phone, min(received.received_at, now)
        said = says(received.text) if phone.startswith("+") else Says.OTHER  # no holder of a phone: a service, a name
        texted = store.texted(self.db, self.account.name, phone, at)
        ids = {*texted, *(practice.id for practice in self.practices)}
        owners = sharing(received.to, {p.id: p.sender_id for p in self.everyone if p.id in ids})
        for_practices = meant(owners, texted)
        about = open_at(at, store.told_to(self.db, phone, owners))
        confirmed = confirmed_by(said, about)
        waits = not confirmed
        if said is Says.STOP:
            self.heard.stopped += len(stop(self.db, for_practices, phone, how=How.REPLY, at=at, now=now))
            for started_at in store.starts_after(self.db, phone, at):  # it was on an earlier page
                start(self.db, for_practices, phone, at=started_at, now=now)
            waits = False
        if said is Says.START:
            waits = not start(self.db, for_practices, phone, at=at, now=now)
        reading = Reading(said, for_practices, about, confirmed, waits)
        store.add_reply(self.db, self.account.name, received, reading, now)
        self.heard.replies += 1
        self.heard.for_the_desk += waits
        self.heard.confirmed += len(confirmed)

    def _opt_out(self, opted_out: OptedOut, now: datetime) -> None:
        at = opted_out.since and opted_out.since.replace(microsecond=0)  # as it is stored: told again, it is known
        ids = [practice.id for practice in self.practices]
        self.heard.opt_outs += len(stop(self.db, ids, opted_out.phone, how=How.OPT_OUT, at=at, now=now))
