"""The words of a status: what they mean, and that none is guessed."""

import pytest

from smsreminders.domain.agenda.status_words import StatusWord, is_plain_word, read_status
from smsreminders.domain.appointments import Booking, Outcome

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
        *((cell, BOOKED) for cell in ("Bevestigd door de patiënt", "Ingepland door mw. J. Pot", "confirmed by Anna")),
        *((cell, None) for cell in ("Ingepland door arts, vervalt", "Gepland by Anna (cancel)", "Gepland door")),
        *((cell, None) for cell in ("Gepland door HA onder voorbehoud", "Bevestigd door assistente afzeggen")),
        *(
            (cell, None)
            for cell in ("Gepland door Jan verzetten", "bevestigd door niemand", "gepland door A. wachtlijst")
        ),
        *((cell, None) for cell in ("annulering ongedaan", "geannuleerd (niet door ons)", "verzet naar vrijdag")),
    ],
)
def test_a_status_is_read_by_its_words_and_never_guessed(cell: str, meant: StatusWord | None) -> None:
    assert read_status(cell) is meant


@pytest.mark.parametrize(
    ("meant", "words"),
    [
        (
            BOOKED,
            "booked planned scheduled confirmed pending definite active arrived checked-in geboekt gepland ingepland",
        ),
        (BOOKED, "definitief bevestigd vastgelegd gereserveerd actief aangemeld ingecheckt gearriveerd in-wachtkamer"),
        (BOOKED, "in-de-wachtkamer"),
        (CANCELLED, "cancelled canceled deleted rescheduled withdrawn entered-in-error geannuleerd gecanceld afgezegd"),
        (
            CANCELLED,
            "afgemeld afgebeld afgelast vervallen verwijderd ingetrokken geschrapt verzet verplaatst verschoven",
        ),
        (ATTENDED, "attended fulfilled completed finished done afgerond voltooid verschenen geweest uitgevoerd"),
        (ATTENDED, "gerealiseerd afgehandeld behandeld gedeclareerd gefactureerd"),
        (NO_SHOW, "no-show noshow did-not-attend missed not-attended niet-verschenen niet-gekomen niet-komen-opdagen"),
        (NO_SHOW, "niet-op-komen-dagen nvzb niet-verschenen-zonder-bericht niet-verschenen-zonder-afmelding"),
        (NO_SHOW, "niet-verschenen-zonder-afzegging"),
        (IGNORED, "ignore proposed waitlist blocked break meeting lunch pauze overleg blok blokkade geblokkeerd"),
        (IGNORED, "bespreking vergadering vakantie vrij"),
    ],
)
def test_each_word_that_comes_with_the_program_means_what_the_guide_says(meant: StatusWord, words: str) -> None:
    for word in words.split():
        assert read_status(word) is meant, word
        assert read_status(word.replace("-", " ").upper()) is meant, word


@pytest.mark.parametrize(
    "words",
    [
        "wachtlijst optie concept voorlopig gewijzigd uitgesteld reserve reservelijst onbekend aanvraag aangevraagd",
        "niet geen nog waiting tentative draft provisional unknown requested not akkoord toestemming misschien",
        "bezwaar geweigerd nvt",
    ],
)
def test_a_word_that_nobody_is_called_by_is_shown_and_means_nothing_by_itself(words: str) -> None:
    for word in words.split():
        assert read_status(word) is None, word
        assert is_plain_word(word.title()), word


@pytest.mark.parametrize(
    "word",
    ["niet", "nee", "not", "no", "geen", "ongedaan", "opnieuw", "hersteld", "teruggedraaid", "naar", "again", "to"],
)
def test_a_cancellation_that_goes_on_with_a_contrary_word_is_nothing_that_can_be_told(word: str) -> None:
    assert read_status(f"geannuleerd, {word} iets") is None
    assert read_status("geannuleerd, iets") is CANCELLED


@pytest.mark.parametrize("who", ["bevestigd door patiënt", "confirmed by patient"])
def test_a_booking_may_go_on_with_who_confirmed_it(who: str) -> None:
    assert read_status(who) is BOOKED


def test_a_person_writes_a_meaning_so() -> None:
    meanings = {"booked": BOOKED, "cancelled": CANCELLED, "attended": ATTENDED, "no-show": NO_SHOW, "ignore": IGNORED}
    assert {word.value: word for word in StatusWord} == meanings


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
        *((cell, True) for cell in ("nog te plannen", "w" * 20, "Wachtlijst van dinsdag")),
        *((cell, False) for cell in ("w" * 21, "Wachtlijst van een dinsdag")),
        *((cell, False) for cell in ("Jan", "06", "Wachtlijst voor mevrouw Jansen", "", "W.Z.")),
    ],
)
def test_a_word_that_may_be_a_name_is_not_shown(cell: str, plain: bool) -> None:
    assert is_plain_word(cell) is plain
