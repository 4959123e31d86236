"""Some weeks of a practice that keeps everything a tenth as long: its texts take no more room than after some days."""

from tests.long.kept_for_a_year import SHORT, quarter_and_year


def test_after_a_year_of_purges_texts_take_at_most_a_fifth_more_room_than_after_a_quarter() -> None:
    quarter, year = quarter_and_year(SHORT)
    assert year.texts > 3 * quarter.texts
    assert year.of_texts <= 1.2 * quarter.of_texts
