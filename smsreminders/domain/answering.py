"""Whether patients can answer a practice's texts, and what its texts may therefore say."""

import re

from smsreminders.domain.message import Wording
from smsreminders.domain.practices import Practice
from smsreminders.domain.stopped import without_accents
from smsreminders.errors import ConfigError

_ANSWER = (  # Dutch, English, German, French
    "ANTWOORD|ANTWOORDT|ANTWOORDEN|REAGEER|REPLY|RESPOND|ANSWER|ANTWORTE|ANTWORTEN|REPONDEZ|REPONDS|REPONDRE"
)
_TEXT = "STUUR|SMS|TEXT|SEND|SENDE|SENDEN|ENVOYEZ|TAPEZ"
_BETWEEN = "MET|OP|DIT|DEZE|BERICHT|SMS|HET|WOORD|U|GEWOON|WITH|BY|THE|WORD|JUST|SIE|MIT|BITTE|PAR|AVEC|LE|MOT|THIS|TO"
_WORDS = (
    "STOP|STOPPEN|AFMELDEN|UITSCHRIJVEN|STOPALL|UNSUBSCRIBE|ARRET|ABMELDEN|STOPP|START"
    "|JA|NEE|YES|NO|OK|OUI|NON|NEIN|ANNULEREN|CANCEL|C"
)
_GAP = r"[^\w.!?]*"  # within a sentence
_ELSEWHERE = r"(?!\W+(?:NAAR|AAN|TO|AN|AU)\W+\+?\d)"  # to a number that the text names
_ASKED = re.compile(
    rf"\b(?:{_ANSWER})\b{_GAP}(?:(?:{_BETWEEN})\b{_GAP})*\b(?:{_WORDS})\b"
    rf"|\b(?:{_TEXT})\b{_GAP}(?:(?:{_BETWEEN})\b{_GAP})*\b(?:{_WORDS})\b{_ELSEWHERE}"
)


def asks_for_answer(template: str) -> str | None:
    """Find where a text asks its reader to answer with a word, such as `antwoord STOP`; None where it doesn't.

    It is found in Dutch, English, German and French, whatever the case, accents and marks between the words.
    """
    found = _ASKED.search(without_accents(template))
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
