"""An appointment with all that decides on its reminder, and the rules that its practice's round goes by."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, tzinfo

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.exclusions import NOTHING, Exclusions
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import MAY_BE_ON_A_PHONE, Status
from smsreminders.domain.round.window import Window, within_sending_hours
from smsreminders.domain.round.workdays import Region
from smsreminders.domain.text.message import Wording


@dataclass(frozen=True, slots=True)
class Earlier:
    """A notification that covers the appointment already, and as what: revision, occasion and attempt.

    `words` is the digest of what it would say of this appointment alone; `sent_at` is None until it was claimed.
    `leads`: this appointment is the first that it covers, of which its reference is made.
    """

    id: int
    status: Status
    revision: int
    occasion: int
    attempt: int
    phone: str = field(repr=False)
    words: str
    sent_at: datetime | None = None
    leads: bool = True

    @property
    def may_be_on_a_phone(self) -> bool:
        """Whether it was sent, or perhaps."""
        return self.status in MAY_BE_ON_A_PHONE

    def says(self, phone: str, words: str) -> bool:
        """Whether it has these same words for this same number."""
        return (self.phone, self.words) == (phone, words)


@dataclass(frozen=True, slots=True)
class Due:
    """An appointment with all that decides on its reminder, as it stands at this moment.

    `consent` is what is in force, `unclear` why the newest word could not be understood, `missing` which complete
    file lacks it, `confirmed` that the patient answered yes to a text that told of this revision, and not no since.
    `service_id` is the practice's enabled service that appointment reminders by SMS are assigned to, if there is one.
    `stopped_since` and `dead_since` are of the patient's number: None where it may be texted; `perhaps_stopped`: a
    reply from it waits that may ask for no more texts. `earlier` are the notifications that cover it, at any revision:
    in the order of their claims, after those that never left.
    """

    appointment_id: int
    appointment: str
    patient_id: int
    patient: str
    patient_name: str = field(repr=False)
    phone: str = field(repr=False)
    language: str | None
    starts_at: datetime
    location: str
    booking: Booking
    revision: int
    consent: Consent
    service_id: int | None
    earlier: tuple[Earlier, ...] = ()
    unclear: str | None = None
    type: str = ""
    practitioner: str = ""
    stopped_since: datetime | None = None
    dead_since: datetime | None = None
    missing: str | None = None
    confirmed: bool = False
    perhaps_stopped: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What is the same for all appointments of a practice in a round.

    `rehearsal`: the gateway sends nothing, so its notifications remind nobody once another one is configured. `notice`
    is the least time before an appointment, `hours` are the local times at which texts may leave. The occasions of
    `unless_confirmed` are left out for who has confirmed the appointment.
    """

    practice: Practice
    wording: Wording
    window: Window
    zone: tzinfo
    region: Region
    rehearsal: bool = False
    combine: Combine = Combine.PATIENT
    notice: timedelta = timedelta(hours=2)
    hours: tuple[time, time] = (time.min, time.max)
    exclusions: Exclusions = NOTHING
    unless_confirmed: frozenset[int] = frozenset()

    def later(self, now: datetime) -> "Rules":
        """The rules as they are later in the round: nobody is texted about what begins too soon by now."""
        return replace(self, window=self.window.later(now, self.notice))

    def may_send(self, now: datetime) -> bool:
        """Tell whether a text of the practice may leave now, in its sending hours."""
        return within_sending_hours(now, self.hours, self.zone)
