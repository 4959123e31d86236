"""Whoever has a known id, but another name and number, is texted on no one else's consent."""

import pytest

from smsreminders.domain.consent import ConsentEvent, How
from smsreminders.domain.practices import Practice
from smsreminders.importers.records import ConsentRecord, Kind, PatientRecord
from smsreminders.jobs.desk.consent import record_consent
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import an_appointment, local, phone_of

KNOWN = PatientRecord("line 2", "P1", "J. de Vries", "06-12345601", "nl", consent=True)
OTHER = KNOWN._replace(name="Karin Bos", phone="06-12345602")
SINCE = "2026-11-23 09:00"


def reused(bench: Bench, practice: Practice, row: PatientRecord) -> list[str]:
    [result] = bench.imports(practice, Kind.PATIENTS, [row])
    return result.tally.reused


@pytest.fixture
def agenda(bench: Bench, linde: Practice) -> Practice:
    """A practice with one patient who consented, and their appointment."""
    assert reused(bench, linde, KNOWN) == []
    an_appointment(bench.db, linde)
    return linde


def test_who_has_the_id_now_is_told_and_not_texted_until_a_person_says_that_they_agreed(
    bench: Bench, agenda: Practice
) -> None:
    assert reused(bench, agenda, OTHER) == ["P1"]
    for row in (OTHER, OTHER._replace(name="K. Bos", language="en")):  # its old yes is not the new patient's
        assert reused(bench, agenda, row) == []
        bench.round()
        assert (bench.texted(), bench.outcomes(agenda)[-1].reason) == ([], "unclear")
    given = ConsentEvent(True, local(SINCE), How.DESK, "anna")
    record_consent(bench.db, agenda, "P1", given, access=RECEPTION, clock=bench.clock)
    bench.round()
    assert bench.texted() == [phone_of("P2")]


@pytest.mark.parametrize(("at", "texted"), [("2026-11-22 09:00", []), (SINCE, [phone_of("P2")])])
def test_a_consent_of_a_list_counts_for_them_only_if_it_was_given_since(
    bench: Bench, agenda: Practice, at: str, texted: list[str]
) -> None:
    reused(bench, agenda, OTHER)
    given = ConsentRecord("line 2", "P1", True, local(at), How.FORM, "", "")
    bench.imports(agenda, Kind.CONSENTS, [given])
    bench.round()
    assert bench.texted() == texted


@pytest.mark.parametrize("changed", [{"name": "J. Bos-de Vries", "phone": OTHER.phone}, {"name": OTHER.name}])
def test_who_keeps_a_name_or_the_number_is_texted(bench: Bench, agenda: Practice, changed: dict[str, str]) -> None:
    assert reused(bench, agenda, KNOWN._replace(**changed)) == []  # type: ignore[arg-type]
    bench.round()
    assert bench.texted() == [phone_of("P2" if "phone" in changed else "P1")]
