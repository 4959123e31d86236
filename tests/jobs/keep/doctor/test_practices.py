"""The check-up of the practices: what each needs so that its patients are reminded, and how its last round went."""

from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.text.message import Wording
from smsreminders.importers.records import Kind
from smsreminders.jobs.desk import service
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.jobs.keep.doctor.practices import check_practices
from smsreminders.jobs.round.terms import Terms
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, SERVICE, WORDING, a_patient, a_practice, an_appointment, local

OK, WARNING, WRONG = Verdict.OK, Verdict.WARNING, Verdict.WRONG
STOPPED = (
    "nobody is reminded from it; look why its export has stopped, "
    "or if nothing has changed in it, raise schedule.agenda_too_old"
)
OLD = "the agenda of linde has brought nothing new since 2026-11-23"


def checked(bench: Bench, wording: Wording = WORDING) -> list[Check]:
    return check_practices(bench.db, Terms(SCHEDULE, wording, RATE), clock=bench.clock)


def check(bench: Bench, name: str, wording: Wording = WORDING) -> Check:
    """The check of this name of the only practice."""
    (check,) = [check for check in checked(bench, wording) if check.name == name]
    return check


def test_without_a_practice_there_is_one_to_add(bench: Bench) -> None:
    assert checked(bench) == [Check("practices", WARNING, "there is none", "run `smsreminders practice add`")]


def test_each_practice_is_looked_at_for_five_things(bench: Bench, linde: Practice, duin: Practice) -> None:
    names = ["service", "consent", "text", "agenda", "round"]
    checks = checked(bench)
    assert [check.name for check in checks] == names * 2
    assert [practice.code in one.found for practice, one in zip([duin] * 5 + [linde] * 5, checks, strict=True)] == [
        True
    ] * 10


@pytest.mark.usefixtures("linde")
def test_a_practice_with_a_service_for_reminders_is_right(bench: Bench) -> None:
    assert check(bench, "service") == Check("service", OK, "linde: Notificaties")


def test_a_practice_whose_service_is_disabled_sends_nothing(bench: Bench, linde: Practice) -> None:
    service.enable(bench.db, linde, SERVICE, enabled=False)
    found = check(bench, "service")
    assert (found.verdict, "nothing goes out" in found.found) == (WARNING, True)
    assert found.advice == "run `smsreminders service enable Notificaties --practice linde`"


def test_a_practice_without_a_service_sends_nothing(bench: Bench) -> None:
    bos = a_practice(bench.db, "bos", service=False)
    assert check(bench, "service").verdict is WARNING
    assert "service add --name Notificaties --practice bos" in check(bench, "service").advice
    a_patient(bench.db, bos)
    an_appointment(bench.db, bos)
    assert check(bench, "service").verdict is WRONG


def test_a_practice_needs_a_patient_who_gave_consent(bench: Bench, linde: Practice) -> None:
    assert (check(bench, "consent").verdict, check(bench, "consent").found) == (
        WARNING,
        "linde: 0 of 0 patients gave consent",
    )
    for source_id, consent in (("P1", None), ("P2", False)):
        a_patient(bench.db, linde, source_id, consent=consent)
    assert check(bench, "consent").found == "linde: 0 of 2 patients gave consent"
    a_patient(bench.db, linde, "P3")
    assert check(bench, "consent") == Check("consent", OK, "linde: 1 of 3 patients gave consent")


@pytest.mark.usefixtures("linde")
def test_a_text_that_has_all_that_it_wants_is_right(bench: Bench) -> None:
    assert check(bench, "text") == Check("text", OK, "linde: nl, from Linde")


def test_a_text_that_wants_a_phone_that_the_practice_lacks_is_wrong(bench: Bench) -> None:
    a_practice(bench.db, "kade", phone="")
    text = check(bench, "text")
    assert (text.verdict, "practice edit kade --phone NUMBER" in text.advice) == (WRONG, True)
    assert check(bench, "text", Wording({"nl": "Tot {day} bij {practice}."})).verdict is OK


def test_a_text_that_wants_a_place_which_appointments_lack_is_told(bench: Bench, linde: Practice) -> None:
    wording = Wording({"nl": "Tot {time}, {location}."})
    for number, location in enumerate(("kamer 2", "", ""), 1):
        a_patient(bench.db, linde, f"P{number}")
        an_appointment(bench.db, linde, f"A{number}", f"P{number}", location=location)
    text = check(bench, "text", wording)
    assert (text.verdict, text.found) == (WARNING, "linde: {location} is empty in 2 of 3 texts to come")


def test_an_agenda_that_was_never_imported_is_right(bench: Bench, linde: Practice) -> None:
    bench.imports(linde, Kind.PATIENTS, [])
    assert check(bench, "agenda") == Check("agenda", OK, "linde: no file was imported yet")


@pytest.mark.parametrize(
    ("age", "verdict", "finding"),
    [
        (timedelta(0), OK, "linde: brought something new 2026-11-23 09:00"),
        (timedelta(days=4), OK, "linde: brought something new 2026-11-23 09:00"),
        (timedelta(days=4, seconds=1), WARNING, f"{OLD}: look whether its export still runs"),
        (timedelta(days=10), WARNING, f"{OLD}: look whether its export still runs"),
        (
            timedelta(days=10, seconds=1),
            WRONG,
            f"{OLD}: {STOPPED}",
        ),
    ],
    ids=str,
)
def test_an_agenda_older_than_the_schedule_allows_is_told(
    bench: Bench, linde: Practice, age: timedelta, verdict: Verdict, finding: str
) -> None:
    bench.imports(linde, Kind.APPOINTMENTS, [])
    bench.clock.go_to(bench.clock.now() + age)
    assert check(bench, "agenda") == Check("agenda", verdict, finding)


@pytest.mark.usefixtures("linde")
def test_a_practice_without_a_round_yet_is_a_warning(bench: Bench) -> None:
    assert check(bench, "round") == Check(
        "round", WARNING, "linde: none yet", "put the lines of `smsreminders schedule` into the crontab"
    )


@pytest.mark.parametrize(
    ("moment", "verdict"),
    [("2026-11-23 09:01", OK), ("2026-11-24 08:59", OK), ("2026-11-24 23:59", OK), ("2026-11-25 00:00", WARNING)],
)
@pytest.mark.usefixtures("linde")
def test_a_round_counts_for_its_day_and_the_next(bench: Bench, moment: str, verdict: Verdict) -> None:
    bench.round()
    bench.clock.go_to(local(moment))
    round_check = check(bench, "round")
    assert (round_check.verdict, round_check.found.startswith("linde: last round on 2026-11-23")) == (verdict, True)
    assert ("dispatch --if-missed" in round_check.advice) is (verdict is WARNING)


def test_a_round_that_was_held_back_is_told(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round(schedule=replace(SCHEDULE, daily_limit=0))
    round_check = check(bench, "round")
    assert (round_check.verdict, round_check.found) == (
        WARNING,
        "linde: last round on 2026-11-23, held back, not completed since",
    )
