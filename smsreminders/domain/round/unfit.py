"""What an appointment's own words bring into its text: what may not stand in any, and what a practice may not like.

The texts of the configuration are judged before a round. A place and a name come from another program's fields.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from smsreminders.domain.round.due import Due, Rules
from smsreminders.domain.text.judged import Judgement, Matter, judge, refused_matter
from smsreminders.domain.text.message import placeholders
from smsreminders.domain.text.names import name_problem

_OF_PLACES = frozenset({Matter.LINK, Matter.CARE, Matter.OFFER})


def unfit_for_a_text(due: Due, rules: Rules) -> Matter | None:
    """Find what keeps the text of an appointment from going out: a citizen service number as its place, say."""
    year, phone = rules.window.today.year, rules.practice.phone
    for words in _own_words(due, rules):
        if matter := refused_matter(words, year=year, own_phone=phone):
            return matter
    return None


def judge_places(dues: Iterable[Due], rules: Rules) -> Counter[Judgement]:
    """Count the appointments whose place brings a word of care, a link or an offer into texts, each by what it says."""
    if not _names_places(rules):
        return Counter()
    places = Counter(due.location for due in dues if due.location)
    appointments: Counter[Judgement] = Counter()
    for place, count in places.items():
        for judgement in judge(place, year=rules.window.today.year, accepted=rules.wording.accept):
            if judgement.matter in _OF_PLACES:
                appointments[judgement] += count
    return appointments


def _own_words(due: Due, rules: Rules) -> Iterator[str]:
    """Choose of the words of an appointment those that its text may have; a name without digits has nothing unfit."""
    if due.location and _names_places(rules):
        yield due.location
    if any(map(str.isdigit, due.patient_name)) and name_problem(due.patient_name) is None:
        yield due.patient_name


def _names_places(rules: Rules) -> bool:
    return any("location" in placeholders(template) for template in rules.wording.every_template)
