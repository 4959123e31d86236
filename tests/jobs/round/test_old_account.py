"""An account that a practice has left: who opted out there of its texts is stopped for it all the same."""

from dataclasses import replace

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.inbound import OptedOut
from smsreminders.domain.round.sending import AccountName
from smsreminders.domain.round.stopped import standing
from smsreminders.jobs.round.inbox import hear
from smsreminders.store.round.stopped import stop_history
from tests.accounts import several
from tests.jobs.bench import Bench
from tests.jobs.hearing import PHONE, REPLIED, HearingGateway
from tests.jobs.round.test_inbox import texted

ANOTHER = "+31687654321"


def test_who_opted_out_at_the_account_that_texted_them_is_stopped_for_the_practice_that_left_it(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    gateway = bench.gateway = HearingGateway()
    texted(bench, linde)
    gateway.opt_out_pages = [[OptedOut(PHONE, REPLIED), OptedOut(ANOTHER, REPLIED)]]
    noord = replace(bench.in_use(), name=AccountName("scripted", "noord"), gateway=HearingGateway())
    for users in ({"linde": "noord", "duin": "noord"}, {"linde": "noord"}):  # nobody has it any more, or another has
        hear(bench.db, [linde, duin], accounts=several({"": bench.in_use(), "noord": noord}, users), clock=bench.clock)
    stopped = {
        (practice.code, phone)
        for practice in (linde, duin)
        for phone in (PHONE, ANOTHER)
        if standing(stop_history(bench.db, practice.id, phone))
    }
    assert stopped == {("linde", PHONE), ("duin", PHONE), ("duin", ANOTHER)}
