"""Consent at the desk: recorded with its own time; what comes back is what is in force."""

from datetime import timedelta

import pytest

from smsreminders.domain.consent import Consent, ConsentEvent, FutureConsent, How
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError
from smsreminders.jobs.desk.consent import record_consent
from smsreminders.store.patients import consent_history, patient_by_id
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import MONDAY, a_patient, local

NOW = local(MONDAY)
GIVEN = ConsentEvent(True, NOW, How.FORM, "anna", "v2")
WITHDRAWN = ConsentEvent(False, NOW - timedelta(days=1), How.PHONE)


def history(bench: Bench, practice: Practice) -> list[ConsentEvent]:
    return consent_history(bench.db, patient_by_id(bench.db, practice.id, "P1").id)


def test_what_a_patient_says_is_recorded_and_the_last_word_is_in_force(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, consent=None)
    bench.clock.go_to(NOW)
    assert record_consent(bench.db, linde, "P1", GIVEN, clock=bench.clock, access=RECEPTION).consent is Consent.GIVEN
    assert (
        record_consent(bench.db, linde, "P1", WITHDRAWN, clock=bench.clock, access=RECEPTION).consent is Consent.GIVEN
    )
    assert history(bench, linde) == [WITHDRAWN, GIVEN]


def test_a_word_of_the_future_and_one_of_nobody_are_refused(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, consent=None)
    bench.clock.go_to(NOW - timedelta(hours=1))
    with pytest.raises(FutureConsent, match="the time of the consent lies in the future"):
        record_consent(bench.db, linde, "P1", GIVEN, clock=bench.clock, access=RECEPTION)
    with pytest.raises(UsageError, match='there is no patient "P2"'):
        record_consent(bench.db, linde, "P2", WITHDRAWN, clock=bench.clock, access=RECEPTION)
    assert history(bench, linde) == []
