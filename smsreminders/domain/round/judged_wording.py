"""The texts of a practice, judged as patients with a usual name would get them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from smsreminders.domain.round.due import Rules
from smsreminders.domain.round.made_up import made_up
from smsreminders.domain.round.reminder_text import reminder_text, text_for_several
from smsreminders.domain.text.judged import REFUSED, Judgement, Matter, judge, judge_name, refused_matter
from smsreminders.domain.text.message import Wording, placeholders
from smsreminders.errors import ConfigError


@dataclass(frozen=True, slots=True)
class JudgedText:
    """A matter with texts of the configuration (nl, nl_several), the practice's name or its sender ID.

    `where` are the places that have it, `words` what each has of it, without repetition.
    """

    matter: Matter
    where: tuple[str, ...]
    words: tuple[str, ...]

    def __str__(self) -> str:
        """The matter as a person reads it."""
        return f"{SAYS[self.matter]} in {', '.join(self.where)} ({', '.join(self.words)})"

    @property
    def is_refused(self) -> bool:
        """Whether nothing may go out with it."""
        return self.matter in REFUSED

    @property
    def advice(self) -> str:
        """What to do about it."""
        if self.is_refused:
            return "take it out of the configuration: until then nothing of the practice goes out"
        return f'change it, or write accept = ["{self.matter}"] in [messages] if it is meant'


_SOME_PHONE = "020-1234567"
SAYS = {  # each matter that configured texts may have, as a person reads it
    Matter.BSN: "a citizen service number",
    Matter.BIRTH_DATE: "a birth date",
    Matter.SHORT_LINK: "a shortened link, of which nobody sees where it leads,",
    Matter.LINK: "a link, as others send in your name too,",
    Matter.CARE: "a word that tells others what somebody comes for",
    Matter.OFFER: "an offer (the law then asks for an opt-out in each text, Telecommunicatiewet 11.7)",
    Matter.LONG: "more than one segment for a usual name",
    Matter.NO_TIME: "no day or no time of the appointment",
    Matter.SENTENCE: "a sentence of more than 15 words",
}


def judge_wording(rules: Rules, languages: Collection[str | None] | None = None) -> list[JudgedText]:
    """List what is the matter with a practice's texts, name and sender ID, without the warnings that it accepts.

    With `languages`, those that its patients have: no warning of a text that none of them would get. What is refused
    is told of every text. A phone is made up where the practice has none. Of the texts that come with the program no
    sentence is too long: their words are chosen, and how many a name has isn't theirs.
    """
    accepted, phone, year = rules.wording.accept, rules.practice.phone, rules.window.today.year
    wording, practice = rules.wording, rules.practice
    read = {wording.language_for([language, practice.language]) for language in (*(languages or ()), None)}
    found = [
        (key, judgement)
        for key, text in _texts(rules)
        for judgement in (*judge(text, year=year, own_phone=phone, accepted=accepted), *_timeless(key, wording))
        if judgement.matter is not Matter.SENTENCE or wording.by_key[key] not in wording.shipped
        if judgement.is_refused or languages is None or key.partition("_")[0] in read
    ]
    if Matter.CARE not in accepted:
        found += [("the practice's name", judgement) for judgement in judge_name(rules.practice.name)]
        found += [("the sender ID", judgement) for judgement in judge_name(rules.practice.sender_id)]
    by_matter: dict[Matter, list[tuple[str, str]]] = {}
    for where, judgement in found:
        by_matter.setdefault(judgement.matter, []).append((where, judgement.words))
    return [
        JudgedText(matter, *(tuple(dict.fromkeys(column)) for column in zip(*places, strict=True)))
        for matter, places in by_matter.items()
    ]


def check_wording(rules: Rules) -> None:
    """Refuse texts with what may not stand in any, before a round. Raises ConfigError.

    The texts that come with the program have no such thing, so only the name that stands in them is looked at: the
    names of days in nine languages need not be read for it.
    """
    wording = rules.wording
    own = {language for language in wording.templates if not _is_shipped(language, wording)}
    only_own = replace(wording, templates={language: wording.templates[language] for language in sorted(own)})
    for judged in judge_wording(replace(rules, wording=only_own)):
        if judged.is_refused:
            raise ConfigError(f"{rules.practice.code}: {judged}: {judged.advice}")
    year, phone = rules.window.today.year, rules.practice.phone
    if matter := refused_matter(rules.practice.name, year=year, own_phone=phone):
        raise ConfigError(f"{rules.practice.code}: {SAYS[matter]} in the practice's name: change the name")


def _is_shipped(language: str, wording: Wording) -> bool:
    """Tell whether all texts of a language are those that come with the program."""
    keys = [key for key in wording.by_key if key.partition("_")[0] == language]
    return all(wording.by_key[key] in wording.shipped for key in keys)


def _timeless(key: str, wording: Wording) -> Iterator[Judgement]:
    """Find a text that doesn't say when the appointment is, where the practice doesn't accept that."""
    names = placeholders(wording.by_key[key])
    says_when = names & {"time", "times"} and names & {"day", "date"}
    if not says_when and Matter.NO_TIME not in wording.accept:
        yield Judgement(Matter.NO_TIME, "{day} {date} {time}")


def _texts(rules: Rules) -> Iterator[tuple[str, str]]:
    """Write each text of a practice, with the key under which it stands."""
    wording = rules.wording
    if not rules.practice.phone:  # a text that wants one may be of a language that nobody has
        rules = replace(rules, practice=replace(rules.practice, phone=_SOME_PHONE))
    for language in wording.templates:
        first = made_up(rules, language=language)
        second = replace(first, appointment_id=1, starts_at=first.starts_at + timedelta(minutes=30))
        yield language, reminder_text(first, rules)
        if language in wording.several:
            yield f"{language}_several", text_for_several([first, second], rules)
        if language in wording.family:
            yield f"{language}_family", text_for_several([first, replace(second, patient_id=1)], rules)
