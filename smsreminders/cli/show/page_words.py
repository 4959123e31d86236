"""The words of the page: Dutch for a practice, English elsewhere."""

from collections.abc import Mapping

from smsreminders.domain.round.again import ANOTHER_KIND, COMBINED, MOVED, NEARER
from smsreminders.domain.round.notifications import NO_REPORT, Status
from smsreminders.domain.round.reminders import SkipReason

DUTCH: Mapping[str, str] = {
    "language": "nl",
    "title": "Notificaties",
    "made": "Gemaakt op",
    "skip": "Naar de inhoud",
    "today": "Vandaag",
    "rounds_caption": "De rondes van vandaag",
    "no_round": "Er was vandaag nog geen ronde.",
    "round": "Ronde",
    "at": "Tijd",
    "covers": "Dagen",
    "to": "t/m",
    "planned": "Gepland",
    "sent": "Verstuurd",
    "delivered": "Afgeleverd",
    "failed": "Mislukt",
    "underway": "Onderweg",
    "skipped": "Overgeslagen",
    "waits": "Te doen",
    "nothing_waits": "Er is niets te doen.",
    "queued": "In de rij voor de volgende ronde",
    "uncertain": "Misschien verstuurd (vraag het de beheerder)",
    "perhaps_stopped": "Wil misschien geen sms meer, en krijgt niets tot u het antwoord las",
    "replies": "Antwoorden om te lezen",
    "unclear": "Afspraken onduidelijk in de export",
    "missing": "Afspraken niet meer in de export",
    "calls": "Bellen",
    "calls_caption": "Afspraken zonder aangekomen sms",
    "nobody_to_call": "Iedereen is bereikt.",
    "start": "Afspraak",
    "practice": "Praktijk",
    "patient": "Patiënt",
    "name": "Naam",
    "phone": "Telefoon",
    "why": "Waarom",
    "next": "Wat nu",
    "tomorrow": "De ronde van morgen",
    "tomorrow_caption": "Wie morgen een sms krijgt, als er niets verandert",
    "nothing_tomorrow": "Morgen is er niets te versturen.",
    "gets": "Krijgt",
    "text": "sms",
    "month": "De laatste 30 dagen",
    "chart": "Sms per dag: afgeleverd, onderweg, mislukt; en overgeslagen afspraken",
    "table": "Dezelfde cijfers als tabel",
    "day": "Dag",
    "bill": "De rekening tot nu toe",
    "bill_caption": "Afgeleverd deze maand, zonder btw; voorlopig",
    "nothing_billed": "Deze maand is er nog niets afgeleverd.",
    "service": "Dienst",
    "notifications": "Berichten",
    "segments": "Segmenten",
    "amount": "Bedrag",
    "overview": "Alle sms met hun status",
    "overview_caption": "De nieuwste bovenaan",
    "search": "Zoek in de lijst",
    "status": "Status",
    "reason": "Reden",
    "appointment": "Afspraaknummer",
    "rows": "regels",
    "other_months": "Eerdere maanden",
    "rehearsed": "Er wordt niets echt verstuurd: dit is een oefening.",
    "masked": "Telefoonnummers zijn afgeschermd.",
    "nothing": "Er is nog niets.",
}
ENGLISH: Mapping[str, str] = {
    "language": "en",
    "title": "Notifications",
    "made": "Made on",
    "skip": "To the content",
    "today": "Today",
    "rounds_caption": "Today's rounds",
    "no_round": "There was no round yet today.",
    "round": "Round",
    "at": "Time",
    "covers": "Days",
    "to": "to",
    "planned": "Planned",
    "sent": "Sent",
    "delivered": "Delivered",
    "failed": "Failed",
    "underway": "Under way",
    "skipped": "Skipped",
    "waits": "To do",
    "nothing_waits": "There is nothing to do.",
    "queued": "In the queue for the next round",
    "uncertain": "Perhaps sent (look at the gateway)",
    "perhaps_stopped": "Perhaps want no SMS, and get none until you have read the reply",
    "replies": "Replies to read",
    "unclear": "Appointments unclear in the export",
    "missing": "Appointments no longer in the export",
    "calls": "To call",
    "calls_caption": "Appointments without a text that arrived",
    "nobody_to_call": "Everybody was reached.",
    "start": "Appointment",
    "practice": "Practice",
    "patient": "Patient",
    "name": "Name",
    "phone": "Phone",
    "why": "Why",
    "next": "What next",
    "tomorrow": "Tomorrow's round",
    "tomorrow_caption": "Who gets a text tomorrow if nothing changes",
    "nothing_tomorrow": "Nothing is to be sent tomorrow.",
    "gets": "Gets",
    "text": "SMS",
    "month": "The last 30 days",
    "chart": "Texts a day: delivered, under way, failed; and skipped appointments",
    "table": "The same figures as a table",
    "day": "Day",
    "bill": "The bill so far",
    "bill_caption": "Delivered this month, without VAT; provisional",
    "nothing_billed": "Nothing was delivered this month yet.",
    "service": "Service",
    "notifications": "Notifications",
    "segments": "Segments",
    "amount": "Amount",
    "overview": "All SMS with their status",
    "overview_caption": "The newest first",
    "search": "Search the list",
    "status": "Status",
    "reason": "Reason",
    "appointment": "Appointment id",
    "rows": "rows",
    "other_months": "Earlier months",
    "rehearsed": "The gateway sends nothing: this is a rehearsal.",
    "masked": "Phone numbers are masked.",
    "nothing": "There is nothing yet.",
}

STATUSES_IN_DUTCH: Mapping[str, str] = {
    Status.QUEUED: "in de rij",
    Status.SENDING: "wordt verstuurd",
    Status.SENT: "verstuurd",
    Status.DELIVERED: "afgeleverd",
    Status.FAILED: "mislukt",
    Status.EXPIRED: "te laat",
    Status.REJECTED: "geweigerd",
    Status.UNCERTAIN: "onzeker",
    Status.CANCELLED: "ingetrokken",
}
REASONS_IN_DUTCH: Mapping[str, str] = {  # where the call list has no words, for nobody is called for it
    SkipReason.CANCELLED: "afgezegd",
    SkipReason.ALREADY_REMINDED: "heeft al een sms",
    SkipReason.COVERED: "valt onder de sms van die dag",
    SkipReason.CONFIRMED: "heeft al ja gezegd",
    MOVED: "verzet of gewijzigd",
    NEARER: "een latere herinnering gaat uit",
    COMBINED: "staat in een andere sms",
    ANOTHER_KIND: "een oefening",
    NO_REPORT: "geen bericht van aankomst",
}


def page_words(language: str) -> Mapping[str, str]:
    """Give the words of the page in the language of the configuration."""
    return DUTCH if language == "nl" else ENGLISH


def status_word(status: str, language: str) -> str:
    """Say how a notification stands."""
    return STATUSES_IN_DUTCH[status] if language == "nl" else status


def reason_word(reason: str, language: str) -> str:
    """Say why there is no text, or why one was withdrawn; another word of a gateway stays as it is."""
    from smsreminders.cli.show.call_words import DUTCH as CALLS

    if language != "nl":
        return reason
    if reason in REASONS_IN_DUTCH:
        return REASONS_IN_DUTCH[reason]
    return CALLS[reason].says if reason in CALLS else reason
