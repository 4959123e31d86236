"""The steps of the stateful test in which a complete export lacks an appointment between two rounds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import rule

from smsreminders.domain.agenda.missing import SEEN
from smsreminders.jobs.agenda.import_files import CompleteFor
from tests.long.bench import ZONE
from tests.long.scripted import Answer, Listing
from tests.long.stateful_promises import Promised

_WINDOW = CompleteFor(timedelta(days=14), ZONE)
_CONTENTS = count()  # no export is the same file as another


class Exported(Promised):
    """A practice whose exports are complete."""

    @rule(
        number=st.integers(0, 7),
        returns=st.booleans(),
        answers=st.sampled_from([[Answer.ACCEPTED], [Answer.LOST_AFTER], [Answer.DOWN, Answer.ACCEPTED]]),
    )
    def an_export_lacks_one_between_two_rounds(self, number: int, answers: Sequence[Answer], *, returns: bool) -> None:
        """Nobody is texted of it, and nobody twice if the next export has it; else the next night's cancels it."""
        told, now = self.told.get(number), self.clock.now()
        if told is None or not (told.booked and now + (not returns) * SEEN < told.starts_at < now + _WINDOW.span):
            return
        self.export(without=number)
        self.told[number], self.lacked = replace(told, booked=False), number
        self.run_round(answers, Listing.WHOLE)
        self.lacked = None
        if returns:
            self.told[number] = told
        else:
            self.clock.move_on(SEEN)
        self.export(without=None if returns else number)
        self.counted["missing from an export"] += 1

    def export(self, *, without: int | None) -> None:
        """Import all that the practice has but one, as a complete file."""
        told = {number: told for number, told in self.told.items() if number != without}
        there = [self.record(number, each) for number, each in told.items()]
        self.house.tell(*there, complete=_WINDOW, content=f"export {next(_CONTENTS)}")
        for number, each in told.items():
            if each.patient not in self.erased:
                self.said[number] = each.patient, each.starts_at, each.booked
