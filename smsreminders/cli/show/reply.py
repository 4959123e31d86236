"""A reply as it is shown: masked in a list, whole on its own page, and in a line of a notification's page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column, View, row
from smsreminders.cli.show.output import one_lines
from smsreminders.cli.show.values import plain
from smsreminders.domain.round.replies import Says

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.jobs.desk.reply import SettledReply, WholeReply
    from smsreminders.store.round.replies import About, Reply

_NOBODY = "nobody has this phone"
_JOINER = "\u200d"  # of several emoji into one

COLUMNS: "Columns[Reply]" = (  # without the text, which may say anything of a person: `replies show` has it
    Column("id", lambda r, _: r.id, 95),
    Column("practice", lambda r, _: ", ".join(r.practices), 50),
    Column("received_at", lambda r, view: view.local(r.received_at), 80),
    Column("phone", lambda r, view: view.phone(_visible(r.phone)), 60),
    Column("says", lambda r, _: r.says, 90),
    Column("characters", lambda r, _: len(r.text), 20),
    Column("appointments", lambda r, _: list(r.appointments), 70),
    Column("confirmed", lambda r, _: list(r.confirmed)),
    Column("notifications", lambda r, _: list(r.notifications)),
    Column("done_at", lambda r, view: view.local(r.done_at), 30),
    Column("done_by", lambda r, _: r.done_by),
)
ABOUT: "Columns[About]" = (
    Column("practice", lambda a, _: a.practice),
    Column("appointment", lambda a, _: a.appointment),
    Column("patient", lambda a, _: a.patient),
    Column("starts_at", lambda a, view: view.local(a.starts_at)),
    Column("notification", lambda a, _: a.notification),
    Column("confirmed", lambda a, _: a.confirmed),
)
WHOLE: "Columns[WholeReply]" = (
    Column("answered", lambda w, view: view.phone(_visible(w.reply.answered))),
    Column("recorded_at", lambda w, view: view.local(w.reply.recorded_at)),
    Column("gateway", lambda w, _: w.reply.gateway),
    Column("account", lambda w, _: w.reply.account),
    Column("gateway_id", lambda w, _: w.reply.gateway_id),
    Column("patients", lambda w, _: [{"practice": code, "patient": patient} for code, patient in w.holders]),
    Column("about", lambda w, view: [row(about, ABOUT, view) for about in w.about]),
    Column("text", lambda w, _: w.reply.text),
    Column("next", lambda w, _: _next(w)),
)

_NEXT = {
    Says.YES: "more than one appointment may be meant, or none is open: look which one, and ask where it matters",
    Says.NO: "ask the patient if you must, then cancel or move it in the practice's own record: no reply does that",
    Says.START: "look whether `smsreminders stopped list` has this phone, stopped by the gateway or at the desk: "
    "`smsreminders stopped lift NUMBER --by WHO` allows texts again",
    Says.PERHAPS_STOP: "read whether it asks for no more texts, or says that they reach somebody else; until you say "
    "so that phone gets none",
    Says.OTHER: "read it, and call who sent it if it needs an answer (--show-numbers): the program never answers",
}


def reply_row(whole: "WholeReply", view: View) -> dict[str, object]:
    """Give a whole reply the keys of `replies show --json`."""
    return row(whole.reply, COLUMNS, view) | row(whole, WHOLE, view)


def reply_lines(whole: "WholeReply", view: View) -> Iterator[str]:
    """Write a whole reply for a person: who, when, what it may be about, the text, and what to do."""
    reply = whole.reply
    yield from one_lines(
        row(reply, COLUMNS, view)
        | {"answered": view.phone(_visible(reply.answered)), "gateway": reply.gateway, "account": reply.account}
        | {"patients": [f"{patient} of practice {code}" for code, patient in whole.holders] or _NOBODY}
    )
    for about in whole.about:
        cells = row(about, ABOUT, view)
        ended = "confirmed by it" if about.confirmed else "perhaps about it"
        yield (
            f"appointment {about.appointment} of patient {about.patient}, practice {about.practice}, "
            f"{plain(cells['starts_at'])}, told by notification {about.notification}: {ended}"
        )
    yield "The text"
    yield from (f"  {_visible(line)}" for line in reply.text.splitlines() or [""])
    if what := _next(whole):
        either = " --stop` or `--no-stop" if reply.says is Says.PERHAPS_STOP else ""
        yield f"What to do: {what}; then `smsreminders replies done {reply.id}{either}`."


def answer_line(reply: "Reply", at: str) -> str:
    """Say in a line what came of a reply of this time, without its text."""
    if reply.confirmed:
        ended = f"confirms {', '.join(reply.confirmed)}"
    else:
        ended = "done" if reply.done_at else "waits for the desk"
    return f"reply {reply.id} at {at}: {reply.says}, {ended}"


def done_line(settled: "SettledReply") -> str:
    """Say that a reply is done, or was so already, and whether its phone is stopped by that."""
    before = settled.before
    by = f", by {before.done_by}" if before.done_by else ""
    again = f" It was so already{by}." if before.done_at else ""
    stopped = f" Its phone gets no more texts of {', '.join(settled.stopped)}." if settled.stopped else ""
    return f"Reply {before.id} of practice {', '.join(before.practices)} is done.{again}{stopped}"


def _visible(text: str) -> str:
    """Write what a stranger sent so that it does nothing to a terminal: a sign that commands one becomes a mark."""
    return "".join(sign if sign.isprintable() or sign == _JOINER else "\ufffd" for sign in text)


def _next(whole: "WholeReply") -> str:
    return "" if whole.reply.done_at else _NEXT[whole.reply.says]
