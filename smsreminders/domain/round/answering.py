"""Whether patients can answer a practice's texts, and what its texts may therefore say."""

import re

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.stopped import without_accents
from smsreminders.domain.text.message import Wording
from smsreminders.errors import ConfigError

# in Dutch, English, German, French, Spanish, Polish, Ukrainian and Arabic; in Turkish the verb comes after the word
_ANSWER = (
    "ANTWOORD|ANTWOORDT|ANTWOORDEN|BEANTWOORD|REAGEER|BEVESTIG|REPLY|RESPOND|ANSWER|ANTWORTE|ANTWORTEN"
    "|REPONDEZ|REPONDS|REPONDRE|RESPONDA|RESPONDE|CONTESTE|ODPOWIEDZ|ODPOWIEDZIEC|ВІДПОВІДЬ|ВІДПОВІСТИ"
)
_TEXT = "STUUR|SMS|TYP|TEXT|SEND|SENDE|SENDEN|ENVOYEZ|TAPEZ|ENVIE|ESCRIBA|WYSLIJ|WYSLAC|НАДІШЛІТЬ|ارسل"
_AFTER = "YAZIN|YAZIP|YAZARAK|GONDERIN|GONDEREREK"
_BETWEEN = (
    "MET|OP|DIT|DEZE|BERICHT|SMS|HET|DE|TEKST|WOORD|U|GEWOON|DAN|EVEN|AUB|SVP|WITH|BY|THE|WORD|JUST|SIE|MIT|BITTE"
    "|PAR|AVEC|LE|MOT|THIS|TO|CON"
)
_WORDS = (
    "STOP|STOPPEN|AFMELDEN|UITSCHRIJVEN|STOPALL|UNSUBSCRIBE|ARRET|ABMELDEN|STOPP|START"
    "|JA|NEE|YES|NO|OK|OUI|NON|NEIN|SI|TAK|NIE|EVET|HAYIR|ТАК|НІ|ANNULEREN|CANCEL|C"
)
_GAP = r"[^\w.!?]*"  # within a sentence
_ELSEWHERE = r"(?!\W+(?:NAAR|AAN|TO|AN|AU)\W+\+?\d)"  # to a number that the text names
_ASKED = re.compile(
    rf"\b(?:{_ANSWER})\b{_GAP}(?:(?:{_BETWEEN})\b{_GAP})*\b(?:{_WORDS})\b"
    rf"|\b(?:{_TEXT})\b{_GAP}(?:(?:{_BETWEEN})\b{_GAP})*\b(?:{_WORDS})\b{_ELSEWHERE}"
    rf"|\b(?:{_WORDS})\b{_GAP}(?:{_AFTER})\b"
)


def asks_for_answer(template: str) -> str | None:
    """Find where a text asks its reader to answer with a word, such as `antwoord STOP`; None where it doesn't.

    It is found in the languages of the built-in texts, whatever the case, accents and marks between the words.
    """
    found = _ASKED.search(without_accents(template).replace("A.U.B.", "AUB").replace("S.V.P.", "SVP"))
    return " ".join(found[0].split()) if found else None


def can_be_answered(sender_id: str) -> bool:
    """Tell whether a phone can answer this sender: a number can be answered, a name of letters is one way."""
    return not any(character.isalpha() for character in sender_id)


def check_promises(wording: Wording, practice: Practice) -> None:
    """Refuse texts that ask for an answer where the practice's sender ID can't be answered.

    Raises ConfigError that names the text and the practice.
    """
    if can_be_answered(practice.sender_id):
        return
    for key, template in wording.by_key.items():
        if asked := asks_for_answer(template):
            raise ConfigError(
                f'the text {key} says "{asked}", but nobody can answer "{practice.sender_id}", the sender ID of '
                f"{practice.code}: take it out of [messages], or say {{call}} there; or let it have a number, with "
                f"`smsreminders practice edit {practice.code} --sender-id NUMBER`"
            )
