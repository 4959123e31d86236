"""The words of a status: what they mean, and that none is guessed."""

import pytest

from smsreminders.domain.status_words import StatusWord, read_status

BOOKED, CANCELLED = StatusWord.BOOKED, StatusWord.CANCELLED


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        *((cell, BOOKED) for cell in ("gepland", "Ingepland", "DEFINITIEF", " bevestigd ", "bevestigd door patiënt")),
        *((cell, CANCELLED) for cell in ("geannuleerd", "Geannuleerd door patiënt", "afgezegd (te laat)", "afgemeld")),
        *((cell, CANCELLED) for cell in ("vervallen", "verzet", "verplaatst", "Geannuleerd - ziek", "Afgezegd: griep")),
        *((cell, None) for cell in ("wachtlijst", "niet geannuleerd", "geannuleerd?", "geannuleerd, opnieuw gepland")),
        *((cell, None) for cell in ("bevestigd, later afgezegd", "gepland voor later", "afzeggen", "?", "-")),
        *((cell, None) for cell in ("annulering ongedaan", "geannuleerd (niet door ons)", "verzet naar vrijdag")),
    ],
)
def test_a_status_is_read_by_its_words_and_never_guessed(cell: str, meant: StatusWord | None) -> None:
    assert read_status(cell) is meant
