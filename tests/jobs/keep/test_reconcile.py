"""After a backup was put back: rounds wait until the gateway was asked, and nobody is texted twice or forgotten."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import AccountName
from smsreminders.domain.round.stopped import How
from smsreminders.errors import AdministratorNeeded, SmsremindersError, TryAgainLater
from smsreminders.gateways.base import Account, Options
from smsreminders.gateways.by_name import open_gateway
from smsreminders.jobs.keep.reconcile import allow_runs
from smsreminders.jobs.round.guard import begin_run, end_run
from smsreminders.jobs.round.stopping import stop
from smsreminders.store import patients, services
from smsreminders.store.backup import backup
from smsreminders.store.database import write_transaction
from smsreminders.store.installation import count_run
from smsreminders.store.lock import run_lock
from smsreminders.store.practices import all_practices
from tests.features import FINDS_NONE
from tests.gateways.fake_cm import FakeCm
from tests.guarding import NOW, TOMORROW, House, KeepingGateway, a_house
from tests.jobs.at_cm import CmHouse

PHONES = {number: f"+3161234560{number}" for number in range(1, 8)}


class SandboxHouse(House):
    """With the real sandbox, whose file stays where it is when the database is put back."""

    def in_use(self) -> Account:
        return Account(
            AccountName("sandbox"), open_gateway("sandbox", Options(self.path)), 1, 10_000, timedelta(minutes=10)
        )


@pytest.fixture
def house(tmp_path: Path) -> House:
    return a_house(tmp_path)


def backed_up(house: House) -> Path:
    copy = house.path.with_name("backup.db")
    with house.open() as db:
        backup(db, copy)
    return copy


def put_back(house: House, copy: Path) -> None:
    """After a while: so soon after a run the gateway's list may lag."""
    shutil.copyfile(copy, house.path)
    house.clock.go_on(minutes=10)


def agenda(house: House) -> None:
    """What a night's import says: three known before the backup, three that came after it."""
    for number in range(1, 7):
        house.told(f"A{number}", f"P{number}", starts_at=TOMORROW + timedelta(minutes=10 * number))


def restored(house: House) -> None:
    """A1 is sent before the backup; A2 and A3 wait in it; A4 and A5 it doesn't know; A6 was never sent."""
    house.told("A1", "P1", starts_at=TOMORROW + timedelta(minutes=10))
    house.round()
    for number in (2, 3):
        house.told(f"A{number}", f"P{number}", starts_at=TOMORROW + timedelta(minutes=10 * number))
    house.gateway.takes = False
    house.dies()  # A2 in `sending`, A3 in `queued`, as a backup may find them
    house.gateway.takes = True
    copy = backed_up(house)
    house.clock.go_on(hours=1)
    house.round()
    house.clock.go_on(hours=1)
    house.round()  # A2 was absent twice
    for number in (4, 5):
        house.told(f"A{number}", f"P{number}", starts_at=TOMORROW + timedelta(minutes=10 * number))
    house.round()
    assert sorted(house.gateway.phones) == [PHONES[number] for number in range(1, 6)]
    put_back(house, copy)
    agenda(house)
    house.clock.go_on(hours=1)


def test_rounds_are_refused_until_somebody_has_reconciled(house: House) -> None:
    restored(house)
    before = list(house.gateway.phones)
    with pytest.raises(AdministratorNeeded, match="it was put back from a backup"):
        house.round()
    assert house.gateway.phones == before
    house.reconcile()
    house.round()
    assert house.gateway.phones == [*before, PHONES[6]]


def test_it_finds_what_was_sent_after_the_backup_whether_the_database_knows_of_it_or_not(house: House) -> None:
    restored(house)
    assert house.statuses() == {("A1", 1): Status.SENT, ("A2", 1): Status.SENDING, ("A3", 1): Status.QUEUED}
    result = house.reconcile()
    # of A1 to A6 the next two revisions too, and second attempts; A2 is uncertain: the next round asks for it
    assert (result.asked, result.taken) == (19, 3)
    assert house.statuses() == {
        ("A1", 1): Status.SENT,
        ("A2", 1): Status.UNCERTAIN,
        ("A3", 1): Status.SENT,
        ("A4", 1): Status.SENT,
        ("A5", 1): Status.SENT,
    }


def test_nobody_is_texted_twice_afterwards_and_nobody_is_forgotten(house: House) -> None:
    restored(house)
    house.reconcile()
    for _ in range(4):
        house.round()
        house.clock.go_on(minutes=30)
    assert sorted(house.gateway.phones) == [PHONES[number] for number in range(1, 7)]
    assert set(house.statuses().values()) == {Status.SENT}


def test_what_it_found_is_billed_once_its_report_says_delivered(house: House) -> None:
    restored(house)
    house.reconcile()
    house.round()
    house.gateway.fates = dict.fromkeys(PHONES.values(), Status.DELIVERED)
    house.poll()
    assert set(house.statuses().values()) == {Status.DELIVERED}
    assert {notification.gateway_id for notification in house.notifications()} == {
        f"id-{sms.reference}" for sms in house.gateway.taken
    }


def test_a_gateway_that_can_not_be_asked_now_changes_nothing_and_rounds_stay_refused(house: House) -> None:
    restored(house)
    before = house.notifications()
    house.gateway.lookups.append((2, TryAgainLater("the gateway is down")))
    with pytest.raises(TryAgainLater):
        house.reconcile()
    assert [notification.status for notification in house.notifications() if notification.appointment != "A2"] == [
        notification.status for notification in before if notification.appointment != "A2"
    ]
    with pytest.raises(AdministratorNeeded):
        house.round()
    assert house.reconcile().taken == 3


def test_a_gateway_that_does_not_find_by_reference_needs_a_person(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    house.gateway = KeepingGateway(FINDS_NONE)
    house.told()
    house.round()
    house.path.with_name("smsreminders.db.lock").unlink()
    with pytest.raises(AdministratorNeeded, match=r"^keeping can't be asked by our reference: compare by hand"):
        house.reconcile()
    with pytest.raises(AdministratorNeeded):
        house.round()
    assert house.gateway.asked == []  # nothing was uncertain


@pytest.mark.parametrize(("error", "code"), [(TryAgainLater("down"), 75), (AdministratorNeeded("refused"), 78)])
def test_its_errors_carry_their_exit_codes(house: House, error: SmsremindersError, code: int) -> None:
    house.told()
    house.gateway.lookups.append((0, error))
    with pytest.raises(SmsremindersError) as raised:
        house.reconcile()
    assert raised.value.exit_code == code


def test_on_a_database_in_order_it_changes_nothing_but_the_count(house: House) -> None:
    agenda(house)
    house.round()
    before = house.statuses()
    house.clock.go_on(minutes=10)
    result = house.reconcile()
    assert (result.taken, result.guessed, house.statuses()) == (0, [], before)
    house.round()
    assert len(house.gateway.taken) == 6


def test_a_new_database_in_the_place_of_a_lost_one_can_not_know_its_references(house: House, tmp_path: Path) -> None:
    agenda(house)
    house.round()
    (tmp_path / "new").mkdir()
    put_back(house, a_house(tmp_path / "new").path)
    agenda(house)
    with pytest.raises(AdministratorNeeded, match="the database is of run 0, but run 1 was the last"):
        house.round()
    assert house.reconcile().taken == 0  # its name is another one: README must say so


def test_a_move_after_the_backup_is_found_by_its_revision(house: House) -> None:
    house.told()
    house.round()
    copy = backed_up(house)
    moved = TOMORROW + timedelta(hours=1)
    house.told(starts_at=moved)
    house.round()
    put_back(house, copy)
    house.told(starts_at=moved)
    assert house.reconcile().taken == 1
    house.round()
    assert (len(house.gateway.taken), house.statuses()) == (2, {("A1", 1): Status.SENT, ("A1", 2): Status.SENT})


@pytest.mark.parametrize("gone", ["cancelled", "withdrawn"])
def test_who_is_not_to_be_texted_any_more_is_not_texted(house: House, gone: str) -> None:
    house.told()
    copy = backed_up(house)
    house.round()
    put_back(house, copy)
    if gone == "cancelled":
        house.told(booking=Booking.CANCELLED)
    else:
        house.told(consent=False)
    house.reconcile()
    house.round()
    assert house.gateway.phones == [PHONES[1]]


def test_who_gives_consent_again_has_had_the_text_already(house: House) -> None:
    house.told()
    copy = backed_up(house)
    house.round()
    put_back(house, copy)
    house.told(consent=False)
    assert house.reconcile().taken == 1
    house.told(consent=True)
    house.round()
    assert (house.gateway.phones, house.status()) == ([PHONES[1]], Status.SENT)


def test_what_was_cancelled_since_was_sent_all_the_same(house: House) -> None:
    house.told()
    copy = backed_up(house)
    house.round()
    put_back(house, copy)
    house.told(booking=Booking.CANCELLED)
    assert house.reconcile().taken == 1
    house.told()  # booked again: another revision, but the same words
    house.round()
    assert house.statuses() == {("A1", 1): Status.SENT}


def test_appointments_that_were_while_the_database_was_away_are_billed_too(house: House) -> None:
    house.told()
    copy = backed_up(house)
    house.round()
    put_back(house, copy)
    house.told()
    house.clock.go_to(TOMORROW + timedelta(hours=3))
    assert house.reconcile().taken == 1
    house.gateway.fates[PHONES[1]] = Status.DELIVERED
    house.poll()
    assert house.status() == Status.DELIVERED


def test_it_works_with_the_real_sandbox(tmp_path: Path) -> None:
    house = SandboxHouse(a_house(tmp_path).path)
    house.told()
    copy = backed_up(house)
    house.round()
    house.told("A2", "P2")
    house.round()
    put_back(house, copy)
    house.told("A2", "P2")
    house.told("A3", "P3")
    with pytest.raises(AdministratorNeeded):
        house.round()
    assert house.reconcile().taken == 2
    house.round()
    house.poll()
    journal = house.path.with_name("smsreminders.db.sandbox.jsonl").read_text().splitlines()
    assert (len(journal), set(house.statuses().values())) == (3, {Status.DELIVERED})


def test_a_run_of_the_past_is_no_reason_to_ask_for_all_of_it(house: House) -> None:
    house.told("A0", "P7", starts_at=NOW - timedelta(days=60))
    house.told()
    house.reconcile()
    assert [len(asked) for asked in house.gateway.asked] == [3]  # as it stands, and at its next two revisions


def test_a_gateway_that_forgot_what_it_was_sent_since_needs_a_person(house: House) -> None:
    house.gateway.features = replace(house.gateway.features, kept=timedelta(hours=48))
    house.told()
    house.round()
    house.path.with_name("smsreminders.db.lock").unlink()
    house.clock.go_on(hours=49)
    with pytest.raises(AdministratorNeeded, match=r"may have forgotten .* reconcile --by-hand"):
        house.reconcile()
    house.clock.go_on(hours=-2)
    assert house.reconcile().taken == 0


def test_a_persons_word_that_all_was_compared_allows_runs_again(house: House) -> None:
    house.gateway.features = FINDS_NONE
    house.told()
    house.round()
    house.path.with_name("smsreminders.db.lock").unlink()
    with run_lock(house.path) as lock, house.open() as db:
        allow_runs(db, lock, clock=house.clock)
    assert (house.round().problems, house.gateway.asked) == ([], [])


@pytest.mark.parametrize("hours", [1, 25, 47])
def test_cm_is_asked_also_for_what_went_out_long_after_the_last_run_that_is_known(tmp_path: Path, hours: int) -> None:
    with FakeCm() as cm:
        house = CmHouse(a_house(tmp_path).path)
        house.cm = cm
        house.round()
        copy = backed_up(house)
        cm.now += timedelta(hours=hours)
        house.clock.go_on(hours=hours)
        house.told(starts_at=house.clock.now() + timedelta(hours=20))
        house.round()
        put_back(house, copy)
        house.clock.go_on(hours=1)  # so long CM's list may lag
        house.told(starts_at=house.clock.now() + timedelta(hours=19))
        assert (len(cm.journal), house.reconcile().taken) == (1, 1)
        house.round()
        assert len(cm.journal) == 1


def test_a_clock_that_was_ahead_at_the_last_run_keeps_nothing_from_being_asked(house: House) -> None:
    house.told()
    copy = backed_up(house)
    house.round()
    put_back(house, copy)
    with house.open() as db, write_transaction(db):
        count_run(db, 1, NOW + timedelta(days=30))
    assert house.reconcile().taken == 1


def test_so_soon_after_a_run_that_the_list_may_lag_it_waits_and_changes_nothing(house: House) -> None:
    house.told()
    copy = backed_up(house)
    house.round()
    shutil.copyfile(copy, house.path)
    house.clock.go_on(minutes=10, seconds=-1)
    with pytest.raises(TryAgainLater, match=r"^the last run was less than 10 minutes ago"):
        house.reconcile()
    assert (house.gateway.asked, house.notifications()) == ([], [])
    house.clock.go_on(seconds=1)
    assert house.reconcile().taken == 1


def test_it_is_the_end_of_the_last_run_that_counts(house: House) -> None:
    with run_lock(house.path) as lock, house.open() as db:
        begin_run(db, lock, clock=house.clock)
        house.clock.go_on(hours=1)
        end_run(db, lock, clock=house.clock)
    with pytest.raises(TryAgainLater):
        house.reconcile()


@pytest.mark.parametrize("number", ["06-123", "", "020-7654321"])
def test_who_has_no_number_now_is_asked_for_too_and_is_not_texted_again_with_another(house: House, number: str) -> None:
    house.told()
    copy = backed_up(house)
    house.round()
    put_back(house, copy)
    renumbered(house, number)
    assert house.reconcile().taken == 1
    renumbered(house, "06-12345601")
    house.round()
    assert (house.gateway.phones, house.status()) == ([PHONES[1]], Status.SENT)


def test_a_gateway_that_will_not_be_asked_by_such_a_number_answers_for_all_the_others(house: House) -> None:
    house.told()
    house.told("A2", "P2")
    copy = backed_up(house)
    house.round()
    put_back(house, copy)
    renumbered(house, "06-123")
    house.gateway.lookups.extend([(9, None), (0, TryAgainLater("what number is that"))])
    result = house.reconcile()
    assert (result.asked, result.taken, result.not_asked) == (4, 1, 3)


def test_what_went_to_a_number_that_is_stopped_by_now_is_taken_over_and_it_is_not_texted(house: House) -> None:
    house.told()
    copy = backed_up(house)
    house.round()
    put_back(house, copy)
    house.told("A2", "P1")
    with house.open() as db, write_transaction(db):
        stop(db, [all_practices(db)[0].id], PHONES[1], how=How.REPLY, at=house.clock.now(), now=house.clock.now())
    assert house.reconcile().taken == 1
    assert house.status() is Status.SENT
    house.round()
    assert house.gateway.phones == [PHONES[1]]


def test_what_was_sent_for_a_service_that_is_not_there_needs_it_first(house: House) -> None:
    house.told()
    copy = backed_up(house)
    house.round()
    put_back(house, copy)
    serves(house, enabled=False)
    with pytest.raises(AdministratorNeeded, match="no enabled service for them now: enable it"):
        house.reconcile()
    assert house.notifications() == []
    serves(house, enabled=True)
    assert house.reconcile().taken == 1


def renumbered(house: House, number: str) -> None:
    """Patient P1 has this number now."""
    with house.open() as db, write_transaction(db):
        practice = all_practices(db)[0]
        person = patients.patient_by_id(db, practice.id, "P1")
        patients.save_patients(db, practice.id, [replace(person, phone=number)])


def serves(house: House, *, enabled: bool) -> None:
    with house.open() as db, write_transaction(db):
        services.enable_service(db, services.services_of(db, all_practices(db)[0].id)[0].id, enabled=enabled)
