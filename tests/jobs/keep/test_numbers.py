"""The numbers of patients are known as of the country of the configuration, also when that is another by now."""

from smsreminders.domain.practices import Practice
from smsreminders.jobs.keep.numbers import keep_country
from smsreminders.store.patients import patients_of_number
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient


def test_another_country_has_the_numbers_read_again_once(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, phone="0470 12 34 56")
    keep_country(bench.db, "BE")
    written = bench.db.conn.total_changes
    assert linde.id in patients_of_number(bench.db, "+32470123456")
    keep_country(bench.db, "BE")
    assert bench.db.conn.total_changes == written
