"""After a backup was put back: appointments that were moved since, and whom their texts told of besides."""

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import Status
from smsreminders.store import patients
from smsreminders.store.database import write_transaction
from smsreminders.store.practices import all_practices
from tests.guarding import SCHEDULE, TOMORROW, House, a_house

# "A1@10": that appointment of P1 is tomorrow at ten; "A1@+10": on the day after; "A1x": it is cancelled; "R": a round,
# and ten minutes pass
Story = tuple[str, str]  # what happened before the backup, and after it: that is lost
TO_ITS_DAY: Story = ("A1@+10 A2@11", "A1@10 R")  # before the agenda is imported nobody can know that it is due
STORIES: dict[str, Story] = {
    "not moved": ("A1@10 A2@11", "R"),
    "moved before the backup": ("A1@10 A2@11 A1@9", "R"),
    "texted and moved before the backup": ("A1@10 A2@11 R A1@9", "R"),
    "moved before the text": ("A1@10 A2@11", "A1@9 R"),
    "moved before the text, behind the other": ("A1@10 A2@11", "A1@12 R"),
    "moved before the text, to its day": TO_ITS_DAY,
    "moved after the text": ("A1@10 A2@11", "R A1@9"),
    "moved after the text, behind the other": ("A1@10 A2@11", "R A1@12"),
    "moved after the text, away": ("A1@10 A2@11", "R A1@+10"),
    "moved after the text, and texted": ("A1@10 A2@11", "R A1@9 R"),
    "moved after the text, and back": ("A1@10 A2@11", "R A1@+10 A1@10"),
    "the other moved after the text": ("A1@10 A2@11", "R A2@+11"),
    "both moved after the text": ("A1@10 A2@11", "R A1@+10 A2@+11"),
    "cancelled after the text": ("A1@10 A2@11", "R A1x"),
    "moved and cancelled after the text": ("A1@10 A2@11", "R A1@+10 A1x"),
    "moved after the text, with one of another day": ("A1@10 A2@11 A3@+11", "R A1@+10"),
    "moved before the text, with one that came after it": ("A1@10 A2@11", "A1@9 R A3@12"),
}


@pytest.fixture(params=Combine, ids=lambda combine: combine.value)
def combine(request: pytest.FixtureRequest) -> Combine:
    return Combine(request.param)


def a_house_that(combine: Combine, folder: Path) -> House:
    folder.mkdir()
    house = a_house(folder)
    house.schedule = replace(SCHEDULE, combine=combine)
    return house


def play(house: House, steps: str) -> None:
    for step in steps.split():
        if step == "R":
            house.round()
            house.clock.go_on(minutes=10)
        else:
            tell(house, step)


def tell(house: House, step: str) -> None:
    if step.endswith("x"):
        house.cancels(step[:-1])
        return
    id_, hour = step.split("@")
    day = timedelta(days=hour.startswith("+"))
    house.told(id_, starts_at=TOMORROW.replace(hour=int(hour) - 1, minute=0) + day)


def final(story: Story) -> str:
    """What a file of the agenda says in the end, an appointment a step."""
    last: dict[str, str] = {}
    for step in " ".join(story).split():
        if step != "R":
            id_ = step[:2]
            last[id_] = f"{last[id_]} {step}" if step.endswith("x") else step
    return " ".join(last.values())


def lose(house: House, story: Story) -> None:
    """Play a story, and put the backup back that was made in its middle."""
    play(house, story[0])
    copy = house.path.with_name("backup.db")
    shutil.copyfile(house.path, copy)
    play(house, story[1])
    shutil.copyfile(copy, house.path)


def imports(house: House, story: Story) -> None:
    """A file of the agenda is imported."""
    play(house, final(story))
    house.imported()


def days_pass(house: House) -> None:
    for hours in (1, 23, 1):
        house.clock.go_on(hours=hours)
        house.round()


def went(house: House) -> list[tuple[str, str]]:
    return sorted((sms.phone, sms.text) for sms in house.gateway.taken)


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_the_texts_are_those_that_would_have_gone_without_a_loss(
    story: Story, combine: Combine, tmp_path: Path
) -> None:
    spared, restored = (a_house_that(combine, tmp_path / name) for name in ("spared", "restored"))
    play(spared, " ".join(story))
    lose(restored, story)
    imports(restored, story)
    assert restored.reconcile().guessed == []
    for house in (spared, restored):
        days_pass(house)
    assert went(restored) == went(spared)


@pytest.mark.parametrize("story", [story for story in STORIES.values() if story != TO_ITS_DAY])
def test_before_the_agenda_is_imported_no_text_goes_twice_either(
    story: Story, combine: Combine, tmp_path: Path
) -> None:
    spared, restored = (a_house_that(combine, tmp_path / name) for name in ("spared", "restored"))
    play(spared, " ".join(story))
    lose(restored, story)
    restored.clock.go_on(minutes=10)
    restored.reconcile()
    play(restored, final(story))
    for house in (spared, restored):
        days_pass(house)
    assert Counter(went(restored)) - Counter(went(spared)) == Counter()


@pytest.mark.parametrize(
    ("story", "combine", "guessed"),
    [
        pytest.param(("A1@10 A2@11", "A1@12 A1@9 R"), Combine.PATIENT, ["A1", "A2"], id="those-of-the-patient"),
        pytest.param(("A1@10 A2@11", "A1@12 A1@9 R"), Combine.PHONE, ["A1", "A2"], id="those-of-the-number"),
        pytest.param(("A1@10 A2@11", "A1@12 A1@9 R"), Combine.NONE, ["A1"], id="itself"),
        pytest.param(("A1@10 A2@11", "A1@12 A1@9 R A2x"), Combine.PATIENT, ["A1"], id="not-what-is-cancelled"),
        pytest.param(("A1@10 A2@11", "A1@12 A1@9 R A1x"), Combine.PATIENT, ["A2"], id="of-one-that-is-cancelled"),
    ],
)
def test_what_was_moved_more_often_than_is_known_counts_as_told_and_somebody_is_to_call(
    story: Story, combine: Combine, guessed: Sequence[str], tmp_path: Path
) -> None:
    house = a_house_that(combine, tmp_path / "house")
    lose(house, story)
    imports(house, story)
    house.clock.go_on(minutes=10)
    before = went(house)
    assert [each.due.appointment for each in house.reconcile().guessed] == guessed
    days_pass(house)
    assert went(house) == before


@pytest.mark.parametrize(
    ("lost", "imported_first", "texts"),
    [
        pytest.param("A1@12 A1@9 R", True, 2, id="it-is-a-new-one"),
        pytest.param("A1@9 R", False, 1, id="it-may-be-the-one-that-was-told"),
    ],
)
def test_the_next_move_is_told_if_the_agenda_was_imported_before(
    lost: str, texts: int, tmp_path: Path, *, imported_first: bool
) -> None:
    house, story = a_house_that(Combine.NONE, tmp_path / "house"), ("A1@10", lost)
    lose(house, story)
    house.clock.go_on(minutes=10)
    if imported_first:
        imports(house, story)
    house.reconcile()
    play(house, "A1@14 R")
    assert len(house.gateway.taken) == texts


def test_a_second_attempt_before_the_move_is_found_too(tmp_path: Path) -> None:
    house = a_house_that(Combine.PATIENT, tmp_path / "house")
    play(house, "A1@10 A2@11")
    copy = shutil.copyfile(house.path, house.path.with_name("backup.db"))
    play(house, "R")
    house.gateway.fates = dict.fromkeys(house.gateway.phones, Status.FAILED)
    house.poll()
    renumbered(house)
    play(house, "R")
    shutil.copyfile(copy, house.path)
    play(house, "A1@+10 A2@11")
    renumbered(house)
    assert (len(house.gateway.taken), house.reconcile().taken) == (2, 2)
    play(house, "R R")
    assert len(house.gateway.taken) == 2


def test_a_text_to_the_patient_of_then_told_of_the_other_appointments_of_that_patient(tmp_path: Path) -> None:
    house = a_house_that(Combine.PATIENT, tmp_path / "house")
    lose(house, ("A1@10 A2@11", "R"))
    house.told("A1", "P2", starts_at=TOMORROW.replace(hour=9, minute=0))
    house.clock.go_on(minutes=10)
    house.reconcile()
    play(house, "R")
    assert [sms.phone for sms in house.gateway.taken] == ["+31612345601", "+31612345602"]


def renumbered(house: House) -> None:
    with house.open() as db, write_transaction(db):
        practice = all_practices(db)[0]
        person = patients.patient_by_id(db, practice.id, "P1")
        patients.save_patients(db, practice.id, [replace(person, phone="06-12345699")])
