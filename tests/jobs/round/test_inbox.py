"""What a poll hears: whose a reply is, what it stops or confirms, what waits for the desk; read once, never lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.inbound import OptedOut
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.replies import Says
from smsreminders.domain.round.sending import AccountName
from smsreminders.errors import AdministratorNeeded, ConfigError, TryAgainLater, UsageError
from smsreminders.jobs.desk.reply import settle_replies, whole_reply
from smsreminders.jobs.round.answers import Heard
from smsreminders.jobs.round.inbox import hear
from smsreminders.store.database import write_transaction
from smsreminders.store.practices import all_practices, change_practice
from smsreminders.store.round.replies import Reply, replies
from tests.accounts import several
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import SCHEDULE, a_patient, an_appointment, local
from tests.jobs.hearing import PHONE, REPLIED, HearingGateway, received

HOUR = timedelta(hours=1)
NUMBER = "+3197010001111"


@pytest.fixture
def gateway(bench: Bench) -> HearingGateway:
    """The gateway of the bench: it has texted nobody yet."""
    hearing = HearingGateway()
    bench.gateway = hearing
    return hearing


def texted(bench: Bench, *practices: Practice, appointments: int = 1) -> None:
    """The round of Monday at 09:00, for appointments A1, A2 ... of one patient of each practice; it is 10:15 then."""
    for practice in practices:
        a_patient(bench.db, practice)
        for number in range(1, appointments + 1):
            an_appointment(bench.db, practice, f"A{number}", start=f"2026-11-24 1{number}:30")
    bench.round(schedule=replace(SCHEDULE, remind=(3, 1)))
    bench.clock.go_to(local("2026-11-23 10:15"))


def with_number(bench: Bench, practice: Practice, number: str = NUMBER) -> None:
    with write_transaction(bench.db):
        change_practice(bench.db, replace(practice, sender_id=number))


def stored(bench: Bench) -> list[Reply]:
    return replies(bench.db, [practice.id for practice in all_practices(bench.db)], done=True)


def waiting(bench: Bench) -> list[tuple[str, ...]]:
    """The replies for the desk: what each says, and the appointments that it may be about."""
    ids = [practice.id for practice in all_practices(bench.db)]
    return [(reply.says.value, *reply.appointments) for reply in replies(bench.db, ids, done=False)]


def test_a_yes_to_the_one_open_text_confirms_what_it_told_of(
    bench: Bench, linde: Practice, gateway: HearingGateway
) -> None:
    texted(bench, linde, appointments=2)
    gateway.pages = [[received("Ja!")]]
    heard = bench.poll().heard
    assert heard == Heard(replies=1, confirmed=2)
    [reply] = stored(bench)
    assert (reply.says, reply.confirmed, reply.done_at) == (Says.YES, ("A1", "A2"), bench.clock.now())
    assert (reply.practices, reply.notifications, reply.text) == (("linde",), (bench.notification().id,), "Ja!")
    assert waiting(bench) == []


def test_a_later_reminder_of_it_is_left_out_where_remind_says_so_until_it_is_moved(
    bench: Bench, linde: Practice, gateway: HearingGateway
) -> None:
    schedule = replace(SCHEDULE, remind=(3, 1), unless_confirmed=frozenset({1}))
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, start="2026-11-26 10:30")
    bench.round(schedule=schedule)
    gateway.pages = [[received("ja")]]
    bench.clock.go_to(local("2026-11-25 08:30"))
    bench.poll()
    bench.clock.go_to(local("2026-11-25 09:00"))
    bench.round(schedule=schedule)
    assert bench.outcomes(linde)[-1].reason == "confirmed"
    an_appointment(bench.db, linde, start="2026-11-26 11:30")
    bench.round(schedule=schedule)
    assert bench.outcomes(linde)[-1].reason is None
    assert len(bench.texted()) == 2


@pytest.mark.parametrize(("later", "reason"), [(HOUR, None), (-HOUR, "confirmed")])
def test_a_no_after_the_yes_takes_the_confirmation_back(
    bench: Bench, linde: Practice, gateway: HearingGateway, later: timedelta, reason: str | None
) -> None:
    schedule = replace(SCHEDULE, remind=(3, 1), unless_confirmed=frozenset({1}))
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, start="2026-11-26 10:30")
    bench.round(schedule=schedule)
    gateway.pages = [[received("ja", at=REPLIED + 2 * HOUR), received("nee", "r2", at=REPLIED + 2 * HOUR + later)]]
    bench.clock.go_to(local("2026-11-25 08:30"))
    bench.poll()
    bench.clock.go_to(local("2026-11-25 09:00"))
    bench.round(schedule=schedule)
    assert bench.outcomes(linde)[-1].reason == reason


def test_what_waits_is_withdrawn_at_the_claim_when_it_was_confirmed_meanwhile(
    bench: Bench, linde: Practice, gateway: HearingGateway
) -> None:
    schedule = replace(SCHEDULE, remind=(3, 1), unless_confirmed=frozenset({1}))
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, start="2026-11-26 10:30")
    bench.round(schedule=schedule)
    bench.clock.go_to(local("2026-11-25 09:00"))
    bench.round(schedule=schedule, interrupted=lambda: True)
    assert bench.status() is Status.QUEUED
    gateway.pages = [[received("ja")]]
    bench.poll()
    bench.round(schedule=schedule)
    assert (bench.status(), bench.notification().reason, len(bench.texted())) == (Status.CANCELLED, "confirmed", 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [("Kan het een uur later?", "other"), ("nee", "wants-to-cancel"), ("stop afspraak 24 november", "perhaps-stop")],
)
def test_anything_else_waits_for_the_desk_and_changes_nothing(
    bench: Bench, linde: Practice, gateway: HearingGateway, text: str, said: str
) -> None:
    texted(bench, linde)
    before = list(bench.db.execute("select * from appointments"))
    gateway.pages = [[received(text)]]
    assert bench.poll().heard == Heard(replies=1, for_the_desk=1)
    assert waiting(bench) == [(said, "A1")]
    assert list(bench.db.execute("select * from appointments")) == before


def test_a_yes_waits_for_the_desk_where_several_are_open(
    bench: Bench, linde: Practice, gateway: HearingGateway
) -> None:
    texted(bench, linde)
    an_appointment(bench.db, linde, "B1", start="2026-11-25 09:00")
    bench.clock.go_to(local("2026-11-24 09:00"))
    bench.round()
    gateway.pages = [[received("ja", at=local("2026-11-24 09:30"))]]
    bench.clock.go_to(local("2026-11-24 09:35"))
    assert bench.poll().heard.confirmed == 0
    assert waiting(bench) == [("yes", "A1", "B1")]


def test_a_stop_stops_the_number_and_the_next_appointment_is_not_texted(
    bench: Bench, linde: Practice, gateway: HearingGateway
) -> None:
    texted(bench, linde)
    gateway.pages = [[received("STOP")]]
    assert bench.poll().heard == Heard(replies=1, stopped=1)
    an_appointment(bench.db, linde, "B1", start="2026-11-24 16:00")
    bench.round()
    assert bench.outcomes(linde, "B1")[-1].reason == "stopped"
    assert len(bench.texted()) == 1
    assert waiting(bench) == []


def test_a_start_from_that_phone_lifts_it_and_without_a_stop_it_is_for_the_desk(
    bench: Bench, linde: Practice, gateway: HearingGateway
) -> None:
    texted(bench, linde)
    gateway.pages = [[received("stop"), received("start", "r2", later=timedelta(minutes=5))]]
    bench.poll()
    assert waiting(bench) == []
    an_appointment(bench.db, linde, "B1", start="2026-11-25 16:00")
    bench.clock.go_to(local("2026-11-24 09:00"))
    bench.round()
    assert bench.outcomes(linde, "B1")[-1].reason is None
    gateway.pages = [[received("start", "r3", phone="+31687654321")]]
    bench.poll()
    assert waiting(bench) == [("start",)]


@pytest.mark.parametrize("newest_first", [False, True])
def test_stop_and_start_count_by_when_they_were_said_however_the_pages_come(
    bench: Bench, linde: Practice, gateway: HearingGateway, *, newest_first: bool
) -> None:
    texted(bench, linde)
    pages = [[received("stop")], [received("start", "r2", later=timedelta(minutes=5))]]
    gateway.pages = [*(reversed(pages) if newest_first else pages)]
    bench.poll()
    an_appointment(bench.db, linde, "B1", start="2026-11-25 16:00")
    bench.clock.go_to(local("2026-11-24 09:00"))
    bench.round()
    assert bench.outcomes(linde, "B1")[-1].reason is None


def test_a_reply_is_for_the_practice_whose_number_was_answered_else_for_who_texted_last(
    bench: Bench, linde: Practice, duin: Practice, gateway: HearingGateway
) -> None:
    with_number(bench, linde)
    texted(bench, duin)
    gateway.pages = [
        [
            received("hallo", "r1", to=NUMBER),
            received("hallo", "r2", to=""),
            received("hallo", "r3", to="", phone="+31687654321"),
        ]
    ]
    bench.poll()
    assert [reply.practices for reply in stored(bench)] == [("linde",), ("duin",), ("duin", "linde")]


def test_a_stop_counts_for_every_practice_that_it_may_be_said_to(
    bench: Bench, linde: Practice, duin: Practice, gateway: HearingGateway
) -> None:
    gateway.pages = [[received("stop")]]
    assert bench.poll().heard.stopped == 2
    texted(bench, linde, duin)
    assert bench.texted() == []


@pytest.mark.usefixtures("linde")
def test_a_service_or_a_name_is_no_phone_that_can_be_stopped(bench: Bench, gateway: HearingGateway) -> None:
    gateway.pages = [[received("STOP", phone="1200"), received("ja", "r2", phone="KPN")]]
    assert bench.poll().heard == Heard(replies=2, for_the_desk=2)
    assert waiting(bench) == [("other",), ("other",)]


def test_the_same_reply_told_again_is_one(bench: Bench, linde: Practice, gateway: HearingGateway) -> None:
    texted(bench, linde)
    gateway.pages = [[received("hallo"), received("hallo")], [received("hallo")]]
    assert bench.poll().heard.replies == 1
    assert bench.poll().heard.replies == 0
    assert len(stored(bench)) == 1


@pytest.mark.usefixtures("linde")
def test_a_list_is_read_from_where_it_was_read_to_its_end_with_time_to_settle(
    bench: Bench, gateway: HearingGateway
) -> None:
    now = bench.clock.now()
    bench.poll()
    assert (gateway.since, gateway.opt_outs_since[0].year) == ([now - timedelta(days=35)], 2000)
    bench.clock.go_to(now + 3 * HOUR)
    gateway.pages = [[received("een"), received("twee", "r2", at=REPLIED + HOUR)], [received("drie", "r3")]]
    gateway.opt_out_pages = [[OptedOut(PHONE, REPLIED), OptedOut("+31687654321")]]
    bench.poll()
    bench.poll()
    assert gateway.since[1:] == [now - timedelta(days=1) - 2 * HOUR, REPLIED + HOUR - 2 * HOUR]
    assert gateway.opt_outs_since[2] == REPLIED - 2 * HOUR


def test_a_reply_from_the_future_does_not_move_the_mark(bench: Bench, linde: Practice, gateway: HearingGateway) -> None:
    texted(bench, linde)
    gateway.pages = [[received("hallo"), received("JA", "r2", at=bench.clock.now() + 2 * HOUR)]]
    assert bench.poll().heard.confirmed == 1
    bench.poll()
    assert gateway.since[1] == REPLIED - 2 * HOUR


@pytest.mark.usefixtures("linde")
def test_each_page_is_on_disk_before_the_next_is_asked_for(bench: Bench, gateway: HearingGateway) -> None:
    on_disk = []

    def look() -> None:
        with bench.elsewhere() as other:
            on_disk.append(other.execute("select count(*) from replies").fetchone()[0])

    gateway.between = look
    gateway.pages = [[received("een"), received("twee", "r2")], [received("drie", "r3")]]
    bench.poll()
    assert on_disk == [2, 3]


@pytest.mark.usefixtures("linde")
def test_what_an_account_told_before_it_failed_is_kept_and_asked_for_again(
    bench: Bench, gateway: HearingGateway
) -> None:
    gateway.pages = [[received("stop")], TryAgainLater("the gateway can't be asked now"), [received("nee", "r2")]]
    result = bench.poll()
    assert [str(trouble) for trouble in result.heard.troubles.values()] == ["the gateway can't be asked now"]
    assert (result.heard.replies, result.heard.stopped, result.troubles) == (1, 1, {})
    gateway.pages = [[received("stop"), received("nee", "r2")]]
    assert bench.poll().heard == Heard(replies=1, for_the_desk=1)
    assert gateway.since[0] == gateway.since[1]


@pytest.mark.usefixtures("linde")
def test_what_is_told_only_once_is_lost_with_the_page_under_way_at_most(bench: Bench) -> None:
    bench.gateway = gateway = HearingGateway(once=True)
    gateway.pages = [[received(f"{number}", f"r{number}")] for number in range(5)]
    gateway.between = lambda: _die_at(gateway, left=3)
    with pytest.raises(KeyboardInterrupt):
        bench.poll()
    gateway.between = lambda: None
    bench.poll()
    assert [reply.text for reply in stored(bench)] == ["0", "1", "2", "3", "4"]


def _die_at(gateway: HearingGateway, left: int) -> None:
    if len(gateway.pages) == left:
        raise KeyboardInterrupt


def test_who_opted_out_at_the_gateway_is_stopped_for_its_practices_once(
    bench: Bench, linde: Practice, duin: Practice, gateway: HearingGateway
) -> None:
    since = REPLIED.replace(microsecond=400)
    gateway.opt_out_pages = [[OptedOut(PHONE, since)], [OptedOut(PHONE, since), OptedOut("+31687654321")]]
    assert bench.poll().heard == Heard(opt_outs=4)
    assert bench.poll().heard == Heard()
    texted(bench, linde, duin)
    assert bench.texted() == []


def test_who_opted_out_of_one_sender_id_is_stopped_for_its_practice_only(
    bench: Bench, linde: Practice, duin: Practice, gateway: HearingGateway
) -> None:
    with_number(bench, linde)
    gateway.opt_out_pages = [[OptedOut(PHONE, REPLIED, NUMBER)]]
    assert bench.poll().heard == Heard(opt_outs=1)
    texted(bench, linde, duin)
    assert [sms.sender_id for sms in gateway.journal] == [duin.sender_id]


@pytest.mark.usefixtures("linde")
def test_a_list_that_is_refused_does_not_keep_the_other_from_being_read(bench: Bench, gateway: HearingGateway) -> None:
    gateway.pages = [AdministratorNeeded("the gateway refuses its inbox (403)")]
    gateway.opt_out_pages = [[OptedOut(PHONE)]]
    heard = bench.poll().heard
    assert (heard.opt_outs, [str(error) for error in heard.troubles.values()]) == (
        1,
        ["the gateway refuses its inbox (403)"],
    )


def test_an_account_that_can_not_be_heard_is_a_trouble_of_its_own(bench: Bench, linde: Practice) -> None:
    deaf = HearingGateway()
    deaf.pages = [AdministratorNeeded("the list of replies is refused (403)")]
    well = HearingGateway()
    well.pages = [[received("hallo")]]
    accounts = several(
        {
            "": replace(bench.in_use(), gateway=deaf),
            "unused": replace(bench.in_use(), name=AccountName("scripted", "unused"), gateway=well),
            "wrong": ConfigError("gateways.wrong.api_key is missing"),
        }
    )
    heard = hear(bench.db, [linde], accounts=accounts, clock=bench.clock)
    assert {name.account: str(error) for name, error in heard.troubles.items()} == {
        "": "the list of replies is refused (403)"
    }
    assert [(reply.account, reply.practices) for reply in stored(bench)] == [("unused", ("linde",))]


def test_a_practice_is_heard_at_its_own_account_and_told_where_that_is_wrong(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    main = HearingGateway()
    accounts = several(
        {"": replace(bench.in_use(), gateway=main), "noord": ConfigError("gateways.noord.api_key is missing")},
        users={"duin": "noord"},
    )
    assert hear(bench.db, [duin], accounts=accounts, clock=bench.clock).troubles == {}
    assert main.since == []
    accounts = several({"": replace(bench.in_use(), gateway=main)}, users={"duin": "noord"})
    assert hear(bench.db, [linde, duin], accounts=accounts, clock=bench.clock).troubles == {}
    assert len(main.since) == 1


def test_a_reply_to_the_text_of_a_practice_that_has_another_account_now_is_still_its_own(
    bench: Bench, linde: Practice, duin: Practice, gateway: HearingGateway
) -> None:
    texted(bench, linde)
    gateway.pages = [[received("ja")]]
    accounts = several({"": bench.in_use(), "noord": bench.in_use()}, users={"linde": "noord"})
    heard = hear(bench.db, [linde, duin], accounts=accounts, clock=bench.clock)
    assert heard.confirmed == 1
    assert [reply.practices for reply in stored(bench)] == [("linde",)]


def test_a_person_marks_replies_as_done_and_the_first_who_did_so_stays(
    bench: Bench, linde: Practice, gateway: HearingGateway
) -> None:
    texted(bench, linde)
    gateway.pages = [[received("nee"), received("hallo", "r2", later=HOUR)]]
    bench.poll()
    settle_replies(bench.db, [1], by="anna", clock=bench.clock, access=RECEPTION)
    [before, _] = settle_replies(bench.db, [1, 2], by="piet", clock=bench.clock, access=RECEPTION)
    assert before.before.done_by == "anna"
    assert [reply.done_by for reply in stored(bench)] == ["anna", "piet"]
    whole = whole_reply(bench.db, 1)
    assert (whole.holders, [(about.appointment, about.confirmed) for about in whole.about]) == (
        [("linde", "P1")],
        [("A1", False)],
    )


WISH = "Wilt u stoppen met smsen?"


def asked_to_stop(bench: Bench, practice: Practice, gateway: HearingGateway) -> None:
    """P1 was texted of A1, and asks for no more texts in other words than STOP; A2 is still to be texted of."""
    texted(bench, practice)
    gateway.pages = [[received(WISH)]]
    bench.poll()
    an_appointment(bench.db, practice, "A2", start="2026-11-24 15:00")


def test_who_may_have_asked_to_stop_gets_no_text_until_a_person_has_read_it(
    bench: Bench, linde: Practice, gateway: HearingGateway
) -> None:
    asked_to_stop(bench, linde, gateway)
    assert waiting(bench) == [("perhaps-stop", "A1")]
    schedule = replace(SCHEDULE, combine=Combine.NONE)
    bench.round(schedule=schedule)
    assert (len(bench.texted()), bench.outcomes(linde, "A2")[-1].reason) == (1, "perhaps-stopped")
    settle_replies(bench.db, [1], by="anna", stops=False, clock=bench.clock, access=RECEPTION)
    bench.round(schedule=schedule)
    assert (len(bench.texted()), waiting(bench)) == (2, [])


def test_what_waits_for_who_may_have_asked_to_stop_is_withdrawn_at_the_claim_and_comes_back(
    bench: Bench, linde: Practice, gateway: HearingGateway
) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round(interrupted=lambda: True)
    assert bench.status() is Status.QUEUED
    gateway.pages = [[received(WISH)]]
    bench.clock.go_to(local("2026-11-23 10:15"))
    bench.poll()
    bench.round()
    assert bench.outbox() == [("A1", 1, Status.CANCELLED, "perhaps-stopped")]
    settle_replies(bench.db, [1], by="anna", stops=False, clock=bench.clock, access=RECEPTION)
    bench.round()
    assert bench.texted() == [PHONE]


def test_a_person_says_that_it_is_a_stop_and_the_number_is_stopped(
    bench: Bench, linde: Practice, gateway: HearingGateway
) -> None:
    asked_to_stop(bench, linde, gateway)
    with pytest.raises(UsageError, match="1 may ask for no more texts"):
        settle_replies(bench.db, [1], by="anna", clock=bench.clock, access=RECEPTION)
    assert waiting(bench) == [("perhaps-stop", "A1")]
    [settled] = settle_replies(bench.db, [1], by="anna", stops=True, clock=bench.clock, access=RECEPTION)
    assert (settled.stopped, waiting(bench)) == (["linde"], [])
    bench.round(schedule=replace(SCHEDULE, combine=Combine.NONE))
    assert bench.outcomes(linde, "A2")[-1].reason == "stopped"


def test_nothing_is_to_be_said_of_a_reply_whose_phone_is_stopped_anyway(
    bench: Bench, linde: Practice, gateway: HearingGateway
) -> None:
    texted(bench, linde)
    gateway.pages = [[received(WISH), received("STOP", "r2", later=HOUR)]]
    bench.poll()
    [settled] = settle_replies(bench.db, [1], by="anna", clock=bench.clock, access=RECEPTION)
    assert (settled.stopped, waiting(bench)) == ([], [])


def test_of_two_practices_with_one_number_each_holds_back_and_one_word_settles_both(
    bench: Bench, linde: Practice, duin: Practice, gateway: HearingGateway
) -> None:
    for practice in (linde, duin):
        a_patient(bench.db, practice)
        an_appointment(bench.db, practice)
    gateway.pages = [[received(WISH)]]
    bench.poll()
    bench.round()
    assert bench.texted() == []
    [settled] = settle_replies(bench.db, [1], by="anna", stops=True, clock=bench.clock, access=RECEPTION)
    assert sorted(settled.stopped) == ["duin", "linde"]
