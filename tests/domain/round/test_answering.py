"""Whether patients can answer: which texts ask for it, which senders are one way, and what is said then."""

from dataclasses import replace

import pytest

from smsreminders.domain.round.answering import asks_for_answer, can_be_answered, check_promises
from smsreminders.domain.text.message import Wording
from smsreminders.errors import ConfigError
from tests.due import PRACTICE


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Geen sms meer? Antwoord STOP.", "ANTWOORD STOP"),
        ("Antwoord met 'ja' om te bevestigen", "ANTWOORD MET 'JA"),
        ("Komt u? Antwoord op dit bericht met JA.", "ANTWOORD OP DIT BERICHT MET JA"),
        ("Antwoord:  stop", "ANTWOORD: STOP"),
        ("Stuur STOP om af te melden", "STUUR STOP"),
        ("Sms JA als u komt", "SMS JA"),
        ("Reply STOP to opt out", "REPLY STOP"),
        ("reply with the word Yes", "REPLY WITH THE WORD YES"),
        ("Text STOP to end", "TEXT STOP"),
        ("Antworten Sie mit JA", "ANTWORTEN SIE MIT JA"),
        ("Répondez STOP", "REPONDEZ STOP"),
        ("Répondez par « oui »", "REPONDEZ PAR « OUI"),
        ("Wilt u geen sms meer, antwoord dan STOP", "ANTWOORD DAN STOP"),
        ("Antwoord a.u.b. met JA", "ANTWOORD AUB MET JA"),
        ("Antwoord svp even met NEE", "ANTWOORD SVP EVEN MET NEE"),
        ("Beantwoord deze sms met JA", "BEANTWOORD DEZE SMS MET JA"),
        ("Bevestig met JA", "BEVESTIG MET JA"),
        ("Typ STOP om te stoppen", "TYP STOP"),
        ("Antwoord met de tekst STOP", "ANTWOORD MET DE TEKST STOP"),
        ("Please reply YES or NO", "REPLY YES"),
        ("Responda SÍ para confirmar", "RESPONDA SI"),
        ("Envíe STOP", "ENVIE STOP"),
        ("Proszę odpowiedzieć TAK", "ODPOWIEDZIEC TAK"),
        ("Wyślij STOP", "WYSLIJ STOP"),
        ("Onay için EVET yazın", "EVET YAZIN"),
        ("STOP yazarak yanıtlayın", "STOP YAZARAK"),
        ("Надішліть STOP", "НАДІШЛІТЬ STOP"),
        ("أرسل STOP", "ارسل STOP"),
    ],
)
def test_a_text_that_asks_for_an_answer_is_found(text: str, asked: str) -> None:
    assert asks_for_answer(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "Verhinderd? {call}",
        "U kunt niet antwoorden op dit bericht.",
        "U hoeft niet te antwoorden. Nee, echt niet.",
        "Sms STOP naar 4040",
        "STOP au 36111: envoyez STOP au 36111",
        "Do not reply",
        "Antwoord op uw vraag: wij bellen. Stop met eten om 22:00",
        "Bevestig uw afspraak op onze site. Ja, dat kan dag en nacht",
        "Beantwoord thuis de vragenlijst",
        "Stop met eten om 22:00. Antwoorden: zie onze site",
        "Antwoord op uw vraag: stopcontacten zijn er",
        "",
    ],
)
def test_any_other_text_is_not(text: str) -> None:
    assert asks_for_answer(text) is None


@pytest.mark.parametrize(
    ("sender_id", "expected"), [("+31612345678", True), ("3669", True), ("Linde", False), ("A1", False)]
)
def test_a_number_can_be_answered_and_a_name_is_one_way(sender_id: str, expected: bool) -> None:
    assert can_be_answered(sender_id) is expected


def test_a_name_and_a_text_that_asks_are_an_error_that_names_both_and_what_to_do() -> None:
    wording = Wording({"nl": "Tot {day}!"}, family={"nl": "Tot {day}! Antwoord STOP."})
    with pytest.raises(ConfigError) as error:
        check_promises(wording, PRACTICE)
    assert str(error.value) == (
        'the text nl_family says "ANTWOORD STOP", but nobody can answer "Tandarts", the sender ID of tandarts: take it '
        "out of [messages], or say {call} there; or let it have a number, with "
        "`smsreminders practice edit tandarts --sender-id NUMBER`"
    )
    check_promises(wording, replace(PRACTICE, sender_id="+31612345678"))
    check_promises(Wording({"nl": "Tot {day}! {call}"}), PRACTICE)
