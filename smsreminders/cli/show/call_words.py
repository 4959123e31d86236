"""Why somebody must be called and what comes next, in the words of the desk: Dutch, and English elsewhere."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.unreached import ANSWERED, NEXT_ROUND, NO_PLAN, WANTS_TO_CANCEL


class Words(NamedTuple):
    """What a reason says to the desk, and the next thing to do."""

    says: str
    do: str


_CALL_NL, _CALL_EN = "bel de patiënt", "call the patient"
_NUMBER_NL, _NUMBER_EN = "bel, verbeter het nummer", "call, mend the number"

DUTCH: Mapping[str, Words] = {
    SkipReason.NO_SERVICE: Words("de dienst staat uit", "bel, waarschuw de beheerder"),
    SkipReason.NO_CONSENT: Words("nooit om akkoord gevraagd", "bel, vraag om akkoord"),
    SkipReason.CONSENT_WITHDRAWN: Words("wil geen sms", _CALL_NL),
    SkipReason.NO_NUMBER: Words("geen telefoonnummer", "zoek een nummer"),
    SkipReason.INVALID_NUMBER: Words("het nummer bestaat niet", _NUMBER_NL),
    SkipReason.NOT_MOBILE: Words("geen mobiel nummer", "bel, vraag een mobiel nummer"),
    SkipReason.TOO_LATE: Words("te laat gemaakt of verzet", _CALL_NL),
    SkipReason.LIMIT_REACHED: Words("tegengehouden door de daglimiet", "bel, waarschuw de beheerder"),
    SkipReason.UNCLEAR: Words("de export was onduidelijk", "kijk in het dossier, bel"),
    SkipReason.MISSING: Words("staat niet meer in de export", "kijk in het dossier, bel"),
    SkipReason.STOPPED: Words("heeft STOP gezegd: wil geen sms", _CALL_NL),
    SkipReason.PERHAPS_STOPPED: Words("wil misschien geen sms meer", "lees het antwoord, bel"),
    SkipReason.DEAD_NUMBER: Words("het nummer werkt niet meer", _NUMBER_NL),
    SkipReason.EXCLUDED: Words("deze soort krijgt geen sms", "niets, als dat klopt"),
    SkipReason.UNFIT_TEXT: Words("plaats of naam mag niet in sms", "verbeter die in de agenda, bel"),
    SkipReason.COVERED: Words("staat niet in de sms van die dag", _CALL_NL),
    Status.QUEUED: Words("wacht in de rij", "niets: volgende ronde"),
    Status.SENDING: Words("wordt nu verstuurd", "wacht even"),
    Status.SENT: Words("verstuurd, aankomst onbekend", "wacht even, of bel"),
    Status.FAILED: Words("de sms kwam niet aan", _NUMBER_NL),
    Status.EXPIRED: Words("de sms kwam niet op tijd aan", _CALL_NL),
    Status.REJECTED: Words("de sms is geweigerd", _NUMBER_NL),
    Status.UNCERTAIN: Words("misschien verstuurd", "bel, waarschuw de beheerder"),
    WANTS_TO_CANCEL: Words("wil afzeggen", "lees het antwoord, bel"),
    ANSWERED: Words("heeft geantwoord", "lees het antwoord"),
    NEXT_ROUND: Words("kwam na de ronde", "niets: volgende ronde"),
    NO_PLAN: Words("de tekst kan niet gemaakt worden", "bel, waarschuw de beheerder"),
}
ENGLISH: Mapping[str, Words] = {
    SkipReason.NO_SERVICE: Words("the service is off", "call, tell the administrator"),
    SkipReason.NO_CONSENT: Words("was never asked for consent", "call, ask for consent"),
    SkipReason.CONSENT_WITHDRAWN: Words("wants no SMS", _CALL_EN),
    SkipReason.NO_NUMBER: Words("no phone number", "find a number"),
    SkipReason.INVALID_NUMBER: Words("there is no such number", _NUMBER_EN),
    SkipReason.NOT_MOBILE: Words("no mobile number", "call, ask for a mobile number"),
    SkipReason.TOO_LATE: Words("made or moved too late", _CALL_EN),
    SkipReason.LIMIT_REACHED: Words("held back by the daily limit", "call, tell the administrator"),
    SkipReason.UNCLEAR: Words("the export was unclear", "look into the record, call"),
    SkipReason.MISSING: Words("no longer in the export", "look into the record, call"),
    SkipReason.STOPPED: Words("said STOP: wants no SMS", _CALL_EN),
    SkipReason.PERHAPS_STOPPED: Words("perhaps wants no SMS", "read the reply, call"),
    SkipReason.DEAD_NUMBER: Words("the number works no longer", _NUMBER_EN),
    SkipReason.EXCLUDED: Words("this kind gets no SMS", "nothing, if that is right"),
    SkipReason.UNFIT_TEXT: Words("place or name unfit for an SMS", "mend it in the record, call"),
    SkipReason.COVERED: Words("not in the SMS of that day", _CALL_EN),
    Status.QUEUED: Words("waits in the queue", "nothing: next round"),
    Status.SENDING: Words("is being sent", "wait a moment"),
    Status.SENT: Words("sent, no report yet", "wait a little, or call"),
    Status.FAILED: Words("the SMS did not arrive", _NUMBER_EN),
    Status.EXPIRED: Words("the SMS did not arrive in time", _CALL_EN),
    Status.REJECTED: Words("the SMS was rejected", _NUMBER_EN),
    Status.UNCERTAIN: Words("perhaps sent", "call, tell the administrator"),
    WANTS_TO_CANCEL: Words("wants to cancel", "read the reply, call"),
    ANSWERED: Words("has answered", "read the reply"),
    NEXT_ROUND: Words("came after the round", "nothing: next round"),
    NO_PLAN: Words("the text can't be made", "call, tell the administrator"),
}


def call_words(reason: str, language: str) -> Words:
    """Say a reason of the call list to the desk: in Dutch where the configuration is, in English otherwise."""
    return (DUTCH if language == "nl" else ENGLISH)[reason]


def next_steps(reasons: Iterable[str], language: str) -> Iterator[str]:
    """Say of each reason once what to do next, for a list that has no room to say it in each line."""
    for reason in dict.fromkeys(reasons):
        words = call_words(reason, language)
        yield f"{words.says}: {words.do}"
