"""The words of a status: what they mean, and that none is guessed."""

import pytest

from smsreminders.domain.appointments import Booking, Outcome
from smsreminders.domain.status_words import StatusWord, is_plain_word, read_status

BOOKED, CANCELLED, IGNORED = StatusWord.BOOKED, StatusWord.CANCELLED, StatusWord.IGNORED
ATTENDED, NO_SHOW = StatusWord.ATTENDED, StatusWord.NO_SHOW


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        *((cell, BOOKED) for cell in ("gepland", "Ingepland", "DEFINITIEF", " bevestigd ", "bevestigd door patiënt")),
        *((cell, CANCELLED) for cell in ("geannuleerd", "Geannuleerd door patiënt", "afgezegd (te laat)", "afgemeld")),
        *((cell, CANCELLED) for cell in ("vervallen", "verzet", "verplaatst", "Geannuleerd - ziek", "Afgezegd: griep")),
        *(
            (cell, BOOKED)
            for cell in ("Aangemeld", "in de wachtkamer", "In wachtkamer", "arrived", "checked-in", "pending")
        ),
        *((cell, CANCELLED) for cell in ("entered-in-error", "Afgezegd wegens vakantie", "afgebeld", "verschoven")),
        *((cell, ATTENDED) for cell in ("afgerond", "Voltooid", "verschenen", "fulfilled", "Gedeclareerd")),
        *((cell, NO_SHOW) for cell in ("niet verschenen", "No-show", "no show", "NoShow", "NVZB", "No_Show")),
        *((cell, NO_SHOW) for cell in ("Niet verschenen (zonder bericht)", "niet komen opdagen")),
        *((cell, IGNORED) for cell in ("pauze", "Overleg", "geblokkeerd", "waitlist", "proposed", "ignore")),
        *(
            (cell, None)
            for cell in ("(geannuleerd)", "niet afgerond", "no-show since Monday", "afgerond?", "pauze Jan")
        ),
        *((cell, None) for cell in ("afgezegd, verschenen", "verschenen, afgezegd", "niet verschenen, afgezegd")),
        *((cell, None) for cell in ("wachtlijst", "niet geannuleerd", "geannuleerd?", "geannuleerd, opnieuw gepland")),
        *((cell, None) for cell in ("bevestigd, later afgezegd", "gepland voor later", "afzeggen", "?", "-")),
        *((cell, None) for cell in ("annulering ongedaan", "geannuleerd (niet door ons)", "verzet naar vrijdag")),
    ],
)
def test_a_status_is_read_by_its_words_and_never_guessed(cell: str, meant: StatusWord | None) -> None:
    assert read_status(cell) is meant


@pytest.mark.parametrize("word", list(StatusWord))
def test_a_word_says_whether_an_appointment_stands_or_what_became_of_it_or_neither(word: StatusWord) -> None:
    says = (word.booking, word.outcome)
    assert (
        says
        == {
            BOOKED: (Booking.BOOKED, None),
            CANCELLED: (Booking.CANCELLED, None),
            ATTENDED: (None, Outcome.ATTENDED),
            NO_SHOW: (None, Outcome.NO_SHOW),
            IGNORED: (None, None),
        }[word]
    )


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        *((cell, True) for cell in ("wachten", "Afgezegd door", "Wachtlijst", "Niet bekend", "Z", "?")),
        *((cell, False) for cell in ("Jan", "06", "Wachtlijst voor mevrouw Jansen", "", "W.Z.")),
    ],
)
def test_a_word_that_may_be_a_name_is_not_shown(cell: str, plain: bool) -> None:
    assert is_plain_word(cell) is plain
