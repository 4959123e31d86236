"""The sections of the page, each made of what was gathered for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from smsreminders.cli.show.bill_words import number_text
from smsreminders.cli.show.call_words import call_words
from smsreminders.cli.show.columns import View
from smsreminders.cli.show.moments import day_text, moment_text
from smsreminders.cli.show.page_chart import KINDS, SKIPPED, chart, figures
from smsreminders.cli.show.page_parts import Cell, Head, Link, PageTable, Section
from smsreminders.cli.show.page_words import page_words, reason_word, status_word
from smsreminders.cli.show.values import in_one_line
from smsreminders.domain.round.due import Due
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.jobs.page import PageContent
from smsreminders.store.round.notifications import Notification

_NOTHING_NEW = frozenset({SkipReason.ALREADY_REMINDED, SkipReason.COVERED, SkipReason.CANCELLED})


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections of a page in the language of the configuration."""

    content: PageContent
    view: View

    @property
    def words(self) -> Mapping[str, str]:
        """The words of the page."""
        return page_words(self.view.language)

    def every(self, links: Sequence[Link]) -> Iterator[Section]:
        """Make all sections of the page; the overview has links to the pages of earlier months."""
        yield self.today()
        yield self.waits()
        yield self.calls()
        yield self.tomorrow()
        yield self.month()
        yield self.bill()
        yield self.overview(links)

    @property
    def of_several(self) -> bool:
        """Whether the page is of more than one practice, so that each row names its own."""
        return len(self.content.practices) > 1

    def today(self) -> Section:
        """Today's rounds: when, which days, how many were planned, sent, delivered, and skipped for which reason."""
        words, view = self.words, self.view
        rows = [
            [
                *self._practice(past.practice),
                _start(past.started_at, view),
                Cell(f"{day_text(past.first, view)} {words['to']} {day_text(past.last, view)}"),
                *(Cell(str(count)) for count in (past.planned, past.sent, past.delivered)),
                Cell(", ".join(f"{n} {reason_word(r, view.language)}" for r, n in sorted(past.skipped.items()))),
            ]
            for past in self.content.rounds
        ]
        heads = [*self._heads("practice", "at", "covers"), *self._numbers("planned", "sent", "delivered")]
        return self._listed("today", "rounds_caption", [*heads, *self._heads("skipped")], rows, nothing="no_round")

    def waits(self) -> Section:
        """What waits for a person, a point each."""
        waiting, words = self.content.waiting, self.words
        names = ("uncertain", "perhaps_stopped", "replies", "unclear", "missing", "queued")
        counts = {name: getattr(waiting, name) for name in names}
        points = [f"{words[name]}: {count}" for name, count in counts.items() if count]
        return Section("waits", words["waits"], "" if points else words["nothing_waits"], points)

    def calls(self) -> Section:
        """Whom to call, why, and what to do next."""
        view = self.view
        rows = [
            [
                *self._practice(call.practice.code),
                _start(call.due.starts_at, view),
                Cell(f"{in_one_line(call.due.patient_name)} ({call.due.patient})"),
                Cell(view.phone(call.due.phone), kind="moment"),
                *(Cell(word) for word in call_words(call.reason, view.language)),
            ]
            for call in self.content.calls
        ]
        heads = self._heads("practice", "start", "patient", "phone", "why", "next")
        return self._listed("calls", "calls_caption", heads, rows, nothing="nobody_to_call")

    def tomorrow(self) -> Section:
        """What tomorrow's round would do with each appointment."""
        view, words = self.view, self.words
        rows: list[tuple[datetime, list[Cell]]] = []
        for planned in self.content.tomorrow.plans:
            code, plan = planned.rules.practice.code, planned.plan
            decided: list[tuple[Due, Cell]] = [(c.due, Cell(words["text"])) for r in plan.reminders for c in r.covers]
            decided += [
                (skip.due, Cell(reason_word(skip.reason, view.language)))
                for skip in plan.skips
                if skip.reason not in _NOTHING_NEW
            ]
            rows += [
                (due.starts_at, [*self._practice(code), _start(due.starts_at, view), Cell(due.patient), gets])
                for due, gets in decided
            ]
        heads = self._heads("practice", "start", "patient", "gets")
        in_order = [cells for _, cells in sorted(rows, key=itemgetter(0))]
        return self._listed("tomorrow", "tomorrow_caption", heads, in_order, nothing="nothing_tomorrow")

    def month(self) -> Section:
        """The last thirty days as a chart, and as a table for who can't see it."""
        content, words = self.content, self.words
        if not content.days:
            return Section("month", words["month"], words["nothing"])
        heads = [*self._heads("day"), *self._numbers(*KINDS, SKIPPED)]
        rows = [
            [Cell(day_text(day.day, self.view), day.day.isoformat()), *(Cell(str(n)) for n in figures(day).values())]
            for day in content.days
        ]
        drawn = chart(content.days, content.today - timedelta(days=29), content.today, words)
        table = PageTable(words["table"], heads, rows)
        return Section("month", words["month"], chart=drawn, table=table, is_folded=True)

    def bill(self) -> Section:
        """What was delivered this month, and what it costs."""
        currency = self.content.bill.terms.currency
        rows = [
            [
                *self._practice(line.practice),
                Cell(line.service),
                Cell(str(line.notifications)),
                Cell(str(line.segments)),
                Cell(f"{currency} {number_text(str(line.amount), self.view.language)}", str(line.amount)),
            ]
            for line in self.content.bill.lines
        ]
        heads = [*self._heads("practice", "service"), *self._numbers("notifications", "segments", "amount")]
        return self._listed("bill", "bill_caption", heads, rows, nothing="nothing_billed")

    def overview(self, links: Sequence[Link] = ()) -> Section:
        """All SMS with their status, the newest first."""
        rows = [self._text(notification) for notification in reversed(self.content.texts)]
        heads = [*self._heads("sent", "start", "practice", "appointment", "patient", "phone", "status", "reason")]
        table = PageTable(self.words["overview_caption"], [*heads, *self._numbers("segments")], rows)
        if not rows:
            return Section("texts", self.words["overview"], self.words["nothing"], links=links)
        return Section("texts", self.words["overview"], table=table, is_searched=True, links=links)

    def _text(self, text: Notification) -> list[Cell]:
        view = self.view
        kind = next((kind for kind, statuses in KINDS.items() if text.status in statuses), SKIPPED)
        return [
            _start(text.sent_at or text.created_at, view),
            _start(text.starts_at, view),
            *self._practice(text.practice),
            Cell(", ".join(text.covers) or text.appointment),
            Cell(text.patient),
            Cell(view.phone(text.phone), kind="moment"),
            Cell(status_word(text.status, view.language), kind=kind),
            Cell(reason_word(text.reason or "", view.language)),
            Cell(str(text.segments)),
        ]

    def _listed(
        self, name: str, caption: str, heads: Sequence[Head], rows: Sequence[Sequence[Cell]], *, nothing: str
    ) -> Section:
        if not rows:
            return Section(name, self.words[name], self.words[nothing])
        return Section(name, self.words[name], table=PageTable(self.words[caption], heads, rows))

    def _practice(self, code: str) -> list[Cell]:
        """Name the practice of a row, where the page is of several."""
        return [Cell(code)] if self.of_several else []

    def _heads(self, *names: str) -> list[Head]:
        return [Head(self.words[name]) for name in names if name != "practice" or self.of_several]

    def _numbers(self, *names: str) -> list[Head]:
        return [Head(self.words[name], is_number=True) for name in names]


def _start(moment: datetime, view: View) -> Cell:
    """Write a moment as people read it, sorted as time goes."""
    return Cell(moment_text(moment.astimezone(view.zone), view), moment.isoformat(), "moment")
