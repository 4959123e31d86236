"""Several accounts in one round: each sends by itself, fails by itself, and is asked for what went by it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import (
    Accepted,
    AccountName,
    DeliveryReport,
    Outgoing,
    Refused,
    Unavailable,
    Uncertain,
)
from smsreminders.errors import ConfigError
from smsreminders.gateways.accounts import Accounts
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.dispatch import dispatch
from smsreminders.jobs.round.poll import PollResult, poll
from smsreminders.jobs.round.result import DispatchResult
from smsreminders.jobs.round.terms import Talk, Terms
from smsreminders.store.lock import run_lock
from smsreminders.store.practices import all_practices
from smsreminders.store.round.notifications import notifications
from tests.accounts import several
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, WORDING, a_patient, an_appointment
from tests.jobs.scripted import ScriptedGateway

QUEUED, SENT, UNCERTAIN = Status.QUEUED, Status.SENT, Status.UNCERTAIN
NOORD, MAIN = AccountName("scripted", "noord"), AccountName("scripted")
NO_SECRET = ConfigError("config.toml: gateways.noord.secret_file: /run/noord can't be read")


@dataclass
class Two:
    """The practice linde uses [gateways.noord], duin [gateway], both at one company, until a test says otherwise."""

    bench: Bench
    noord: ScriptedGateway = field(default_factory=ScriptedGateway)
    main: ScriptedGateway = field(default_factory=ScriptedGateway)
    users: Mapping[str, str] = field(default_factory=lambda: {"linde": "noord"})
    broken: ConfigError | None = None
    has_noord: bool = True

    def accounts(self) -> Accounts:
        opened: dict[str, Account | ConfigError] = {
            "noord": self.broken or Account(NOORD, self.noord, 8, 1000.0, timedelta(minutes=10)),
            "": Account(MAIN, self.main, 8, 1000.0, timedelta(minutes=10)),
        }
        if not self.has_noord:
            del opened["noord"]
        return several(opened, self.users)

    def round(self) -> DispatchResult:
        with run_lock(self.bench.path) as lock:
            return dispatch(
                self.bench.db,
                lock,
                all_practices(self.bench.db),
                accounts=self.accounts(),
                terms=Terms(SCHEDULE, WORDING, RATE),
                clock=self.bench.clock,
                talk=Talk(),
            )

    def poll(self) -> PollResult:
        practices = all_practices(self.bench.db)
        return poll(
            self.bench.db,
            practices,
            accounts=self.accounts(),
            give_up_after=timedelta(hours=72),
            clock=self.bench.clock,
        )

    def of(self, code: str) -> list[tuple[Status, str | None]]:
        """The status and the account of each notification of a practice."""
        return [(sms.status, sms.account) for sms in notifications(self.bench.db) if sms.practice == code]


@pytest.fixture
def two(bench: Bench, linde: Practice, duin: Practice) -> Two:
    for practice in (linde, duin):
        for number in (1, 2, 3):
            a_patient(bench.db, practice, f"P{number}")
            an_appointment(bench.db, practice, f"A{number}", f"P{number}")
    return Two(bench)


def test_each_practice_goes_by_its_own_account_and_keeps_it(two: Two) -> None:
    two.round()
    assert (len(two.noord.journal), len(two.main.journal)) == (3, 3)
    assert (two.of("linde"), two.of("duin")) == ([(SENT, "noord")] * 3, [(SENT, "")] * 3)


def test_accounts_send_at_the_same_time(two: Two) -> None:
    together = Barrier(2, timeout=20)

    def waits_at_first(gateway: ScriptedGateway) -> Callable[[Outgoing], None]:
        def wait(_: Outgoing) -> None:
            if len(gateway.journal) == 1:
                together.wait()

        return wait

    two.noord.at_send, two.main.at_send = waits_at_first(two.noord), waits_at_first(two.main)
    assert two.round().sent.by_status == {SENT: 6}


def test_ids_that_are_equal_on_both_accounts_do_not_clash(two: Two) -> None:
    same = [Accepted(f"g{number}") for number in (1, 2, 3)]
    two.noord.in_order.extend(same)
    two.main.in_order.extend(same)
    assert two.round().sent.by_status == {SENT: 6}
    two.noord.reports = [DeliveryReport(two.noord.journal[0].reference, Status.DELIVERED, "delivered", "g1")]
    two.main.reports = [DeliveryReport(two.main.journal[0].reference, Status.FAILED, "failed", "g1")]
    assert two.poll().changed == {Status.DELIVERED: 1, Status.FAILED: 1}


def test_an_id_that_an_account_gave_twice_is_uncertain_there_alone(two: Two) -> None:
    two.noord.in_order.extend([Accepted("g1"), Accepted("g1"), Accepted("g2")])
    two.main.in_order.extend([Accepted("g1"), Accepted("g2"), Accepted("g3")])
    two.round()
    assert [status for status, _ in two.of("linde")] == [SENT, UNCERTAIN, SENT]
    assert [status for status, _ in two.of("duin")] == [SENT] * 3


@pytest.mark.parametrize("failure", [Refused("no credit"), Unavailable("down"), Uncertain("read time-out")])
def test_a_dead_account_holds_back_its_own_practices_only(
    two: Two, linde: Practice, failure: Refused | Unavailable | Uncertain
) -> None:
    for number in range(4, 9):
        a_patient(two.bench.db, linde, f"P{number}")
        an_appointment(two.bench.db, linde, f"A{number}", f"P{number}")
    two.noord.otherwise = failure
    result = two.round()
    assert [status for status, _ in two.of("duin")] == [SENT] * 3
    assert (list(result.stopped), result.sent.stopped) == ([NOORD], None)
    assert [practice.code for practice in result.stopped[NOORD].practices] == ["linde"]
    assert QUEUED in {status for status, _ in two.of("linde")}


def test_a_gateway_that_never_answers_has_one_request_under_way_at_a_time(two: Two) -> None:
    under_way: list[int] = []

    def look(_: Outgoing) -> None:
        with two.bench.elsewhere() as other:
            under_way.append(sum(sms.account == "noord" for sms in notifications(other, statuses=[Status.SENDING])))

    two.noord.otherwise, two.noord.at_send = Uncertain("read time-out"), look
    two.round()
    assert under_way == [1, 1, 1]


def test_an_account_without_its_secret_holds_back_its_own_practices_only(two: Two) -> None:
    two.broken = NO_SECRET
    result = two.round()
    assert [status for status, _ in two.of("duin")] == [SENT] * 3
    assert two.of("linde") == [(QUEUED, None)] * 3
    assert result.stopped[NOORD].error == NO_SECRET
    two.broken = None
    two.round()
    assert two.of("linde") == [(SENT, "noord")] * 3


def test_an_account_that_there_is_not_is_a_problem_of_its_practice(two: Two) -> None:
    two.users = {"linde": "nord"}
    result = two.round()
    assert [str(problem) for problem in result.problems] == ['there is no account "nord"; did you mean "noord"?']
    assert [status for status, _ in two.of("duin")] == [SENT] * 3


def test_what_is_queued_again_has_no_account(two: Two) -> None:
    two.noord.otherwise = Refused("no credit")
    two.round()
    assert two.of("linde") == [(QUEUED, None)] * 3


def test_poll_asks_the_account_that_a_text_went_by_also_when_its_practice_uses_another_now(two: Two) -> None:
    two.round()
    two.users = {}
    two.poll()
    assert [len(asked) for asked in two.noord.asked] == [3]
    assert [len(asked) for asked in two.main.asked] == [3]


def test_what_a_dead_run_left_is_asked_of_the_account_it_went_by(two: Two) -> None:
    class Died(BaseException):
        pass

    def die(_: Outgoing) -> None:
        raise Died

    two.noord.at_send = die
    with pytest.raises(Died):
        two.round()
    two.noord.at_send = lambda _: None
    two.noord.reports = [DeliveryReport(two.noord.journal[0].reference, SENT, "sent", "g1")]
    two.round()
    assert len(two.noord.asked) == 1
    assert two.of("linde") == [(SENT, "noord")] * 3
    assert len({sms.reference for sms in two.noord.journal}) == len(two.noord.journal) == 3


def test_another_account_is_refused_while_texts_are_uncertain_at_the_first(two: Two) -> None:
    two.noord.in_order.append(Uncertain("read time-out"))
    two.round()
    two.users = {}
    result = two.round()
    assert [str(problem).split(":")[0] for problem in result.problems] == [
        "linde goes by scripted now, and 1 of its texts are uncertain at noord (scripted)"
    ]
    assert [planned.rules.practice.code for planned in result.plans] == ["duin"]


def test_a_poll_keeps_what_the_others_say_when_one_account_can_not_be_asked(two: Two) -> None:
    two.round()
    two.broken = NO_SECRET
    two.main.reports = [DeliveryReport(two.main.journal[0].reference, Status.DELIVERED, "delivered")]
    result = two.poll()
    assert (result.troubles, result.changed) == ({NOORD: NO_SECRET}, {Status.DELIVERED: 1})


def test_accounts_are_asked_at_the_same_time(two: Two) -> None:
    together = Barrier(2, timeout=20)

    def told(gateway: ScriptedGateway) -> Iterator[DeliveryReport]:
        together.wait()
        yield DeliveryReport(gateway.journal[0].reference, Status.DELIVERED, "delivered")

    two.round()
    two.noord.reports, two.main.reports = told(two.noord), told(two.main)
    assert two.poll().changed == {Status.DELIVERED: 2}


def test_what_is_raised_while_several_are_asked_comes_out_of_the_poll(two: Two) -> None:
    two.round()
    two.noord.reports = [RuntimeError("a bug")]
    with pytest.raises(RuntimeError, match="a bug"):
        two.poll()


def test_an_account_that_was_taken_out_of_the_configuration_is_told_and_its_texts_are_given_up_in_time(
    two: Two,
) -> None:
    two.round()
    two.users, two.has_noord = {}, False
    [trouble] = map(str, two.poll().troubles.values())
    assert trouble.startswith(
        "texts that have had no report went by scripted, and there is no [gateways.noord] any more: put it back there"
    )
    two.bench.clock.go_to(two.bench.clock.now() + timedelta(hours=73))
    two.poll()
    assert [status for status, _ in two.of("linde")] == [Status.EXPIRED] * 3
    assert two.poll().troubles == {}
