"""Each skip reason and each status as a sentence for a person, with what to do where there is something."""

from collections.abc import Mapping
from dataclasses import dataclass

from smsreminders.domain.round.again import ANOTHER_KIND, COMBINED, MOVED, NEARER
from smsreminders.domain.round.notifications import Status


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a reason or a status says, and what a person can do; both with names in braces for whose it is."""

    says: str
    do: str = ""

    def sentence(self, about: Mapping[str, object]) -> str:
        """Write the meaning about one appointment or notification."""
        says = self.says.format_map(about)
        return f"{says[0].upper()}{says[1:]}." + (f" What to do: {self.do.format_map(about)}." if self.do else "")


_EDIT_NUMBER = (
    "correct it in the practice's own record, or run `smsreminders patient edit {patient} --practice {practice} "
    "--phone NUMBER`"
)
_CALL = "call the patient if the appointment is still to come"

SKIPS: dict[str, Meaning] = {
    "no-service": Meaning(
        "practice {practice} has no enabled service that reminders by SMS are assigned to",
        "run `smsreminders service list --practice {practice}`, then `service enable`, `assign` or `add`",
    ),
    "no-consent": Meaning(
        "the patient was never asked for consent",
        "ask, then run `smsreminders consent give {patient} --practice {practice} --how desk`",
    ),
    "consent-withdrawn": Meaning("the patient's last word on consent is no: nothing is sent until they give it"),
    "no-number": Meaning("the patient has no phone number", _EDIT_NUMBER),
    "invalid-number": Meaning("there is no such phone number, or the gateway rejected it", _EDIT_NUMBER),
    "not-mobile": Meaning("the patient's number is no mobile one{countries}", _EDIT_NUMBER),
    "cancelled": Meaning(
        "the appointment is cancelled",
        "nothing if that is right, else `smsreminders appointment move {appointment} --practice {practice} "
        "--start TIME`",
    ),
    "already-reminded": Meaning("the patient was told of this appointment already, or perhaps was"),
    "too-late": Meaning("it begins too soon, or has begun: the minimum notice is over", _CALL),
    "limit-reached": Meaning(
        "the practice would go over its daily limit, so all of it is held back",
        "if so many are right, raise daily_limit in the configuration, in [schedule] or the practice's own, and run "
        "`smsreminders dispatch --practice {practice}`",
    ),
    "unclear": Meaning(
        "what was told last of the appointment, or of the patient's consent, could not be understood{unclear}",
        "look in the practice's own record, then run `smsreminders appointment confirm {appointment} --practice "
        "{practice}`, or `smsreminders consent give` or `withdraw` for patient {patient}",
    ),
    "missing": Meaning(
        "the newest complete export of the agenda doesn't have the appointment{missing}",
        "nothing if it is cancelled in the practice's own record: the next export without it cancels it here; if it "
        "stands there, run `smsreminders appointment confirm {appointment} --practice {practice}`, or import an export "
        "that has it",
    ),
    "stopped": Meaning(
        "the phone is stopped for the practice{stopped}, whatever consent was given since",
        "only where the holder asks for it, run `smsreminders stopped lift NUMBER --practice {practice} --by WHO`",
    ),
    "perhaps-stopped": Meaning(
        "a reply from that phone may ask for no more texts in other words than STOP, so it gets none until it is read",
        "read it (`smsreminders replies list`, `replies show ID`), then run `smsreminders replies done ID --stop` or "
        "`--no-stop`",
    ),
    "dead-number": Meaning(
        "the gateway said twice in a row that nobody can be texted at that number{dead}",
        f"{_EDIT_NUMBER}; where it is right after all, `smsreminders stopped lift NUMBER --practice {{practice}} --by "
        "WHO`",
    ),
    "excluded": Meaning(
        "the practice leaves out appointments of this type, or with this practitioner: nobody is texted about them",
        "nothing if that is right, else change except_types or except_practitioners in [practices.{practice}] of the "
        "configuration",
    ),
    "unfit-text": Meaning(
        "its text would have what may not stand in any, from the place or the patient's name{unfit}",
        "take it out of the practice's own record and import that, and call the patient if that is too late",
    ),
    "confirmed": Meaning("the patient answered yes to an earlier reminder, and remind leaves this one out then"),
    "covered": Meaning(
        "the text of another appointment{covered_by} is for this one too: it says the same to the same phone, or told "
        "of an earlier one on that day"
    ),
}

WITHDRAWN: Mapping[str, Meaning] = SKIPS | {  # why a notification was withdrawn before it left
    MOVED: Meaning("the appointment was changed since, and has a reminder of its own as it is now"),
    NEARER: Meaning("a reminder nearer to the appointment is due, and goes instead"),
    COMBINED: Meaning("another text tells of this appointment too"),
    ANOTHER_KIND: Meaning("the gateway was changed since, from one that sends nothing or to such a one"),
}

REHEARSAL = Meaning(
    "nobody was texted: notification {id} is a rehearsal, of a gateway that sends nothing",
    "configure a real gateway ([gateway] in the configuration), then run `smsreminders dispatch`",
)

STATUSES: Mapping[Status, Meaning] = {
    Status.QUEUED: Meaning(
        "it waits for its turn, or for the gateway", "nothing: the next `smsreminders dispatch` sends it"
    ),
    Status.SENDING: Meaning("its request is under way", "nothing: if its run died, the next one clears it up"),
    Status.SENT: Meaning(
        "the gateway took it, and no report has said yet what became of it",
        "run `smsreminders poll`, which cron does too",
    ),
    Status.DELIVERED: Meaning("it was delivered"),
    Status.FAILED: Meaning(
        "it did not arrive; where the number is another by the next round, it goes once more, to that one",
        f"{_CALL}, or correct the number in time: {_EDIT_NUMBER.removeprefix('correct it ')}",
    ),
    Status.EXPIRED: Meaning("it came too late, or no report came in time: it isn't billed", _CALL),
    Status.REJECTED: Meaning("the gateway won't have it: it was certainly not sent", _EDIT_NUMBER),
    Status.UNCERTAIN: Meaning(
        "perhaps it was sent; it is never sent again by itself",
        "look at the gateway's own list, then run `smsreminders notifications settle {id} --as sent`, or `--as "
        "not-sent`",
    ),
    Status.CANCELLED: Meaning("it was withdrawn before it left"),
}
