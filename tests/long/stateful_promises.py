"""What must hold after every step of the stateful test."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise

from hypothesis.stateful import invariant

from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.round.notifications import MAY_FOLLOW, Status
from smsreminders.jobs.bill.show import bill
from smsreminders.store.practices import all_practices
from tests.long.bench import MORNING, RATE, ZONE
from tests.long.stateful_judge import Judged
from tests.long.stateful_model import APART
from tests.long.stateful_world import e164

NEVER = {Status.QUEUED, Status.CANCELLED, Status.REJECTED}
HANDED_OVER = {Status.SENT, Status.DELIVERED, Status.FAILED, Status.EXPIRED}


class Promised(Judged):
    """A practice of which every promise is looked at after every step."""

    @invariant()
    def nobody_is_texted_twice_or_without_a_reason(self) -> None:
        assert not self.wrong, self.wrong
        slots = Counter(went.slot for of_one in self.went.values() for went in of_one if went.taken)
        assert [slot for slot, count in slots.items() if count > 1] == []
        references = [text.sms.reference for text in self.gateway.taken]
        assert len(references) == len(set(references))
        for every in self.went.values():
            for went, following in pairwise(went for went in every if went.perhaps):
                nearer = following.slot.occasion < went.slot.occasion and following.at > went.at + APART
                twice = went.taken and following.taken and went.words == following.words
                assert not twice or nearer, f"the same words twice: {went}, {following}"

    @invariant()
    def what_the_database_says_is_true(self) -> None:
        taken = {text.sms.reference for text in self.gateway.taken}
        for row in self.rows():
            if row.status in HANDED_OVER:
                assert row.reference in taken | self.said_sent, row
            elif row.status in NEVER:
                assert row.reference not in taken, row
        assert taken <= {row.reference for row in self.rows()}
        for phone, number in self.db.execute("select phone, e164 from patients where erased_at is null"):
            assert number == e164(phone)
        self.counted["steps"] += 1

    @invariant()
    def every_change_of_status_is_allowed_and_has_its_event(self) -> None:
        statuses = {row.id: row.status for row in self.rows()}
        history: dict[int, list[Status]] = {id_: [] for id_ in statuses}
        for id_, status in self.db.execute("select notification_id, status from notification_events order by id"):
            if history[id_][-1:] != [Status(status)]:
                history[id_].append(Status(status))
        for id_, followed in history.items():
            assert (followed[0], followed[-1]) == (Status.QUEUED, statuses[id_])
            assert all(new in MAY_FOLLOW[old] for old, new in pairwise(followed)), followed

    @invariant()
    def the_bill_is_what_was_delivered_and_known_to_be(self) -> None:
        known = self.gateway.told_delivered - self.said_not_delivered
        segments = sum(text.segments for text in self.gateway.taken if text.sms.reference in known)
        first, last = Period.of(MORNING.date()), Period.of(self.clock.now().astimezone(ZONE).date())
        billed, period = Decimal(0), last
        while period >= first:
            lines = bill(self.db, period, all_practices(self.db), MoneyTerms(RATE, Decimal(21), "EUR")).lines
            billed += sum((line.amount for line in lines), Decimal(0))
            period = period.previous
        assert billed == segments * RATE
