"""The promise of replies by killing: SIGKILL at each system call of a poll that matters, then another poll and a round.

python -m tests.long.poll_sweep [--points N]: N points spread over all calls (0: all of them), each with a Spryng and
with an Infobip, which gives each SMS only once. A third of the patients said STOP, a third JA, the others something
else; at Spryng some opted out too. After the second poll each reply is stored once (of Infobip at most a page is lost),
STOP and JA have done what they say, and the round of the next morning texts nobody who stopped.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import rmtree

from tests.gateways.fake_infobip import FakeInfobip
from tests.gateways.fake_spryng import FakeSpryng
from tests.long.kill_sweep import AT_A_TIME, CALLS, Point, spread
from tests.long.setting import HEADER, SMS, Practice, at, figures, must, name_of, plain, tell
from tests.long.tracing import counted, counts, injected

PATIENTS = 30
PAGE = 20  # of Infobip's list, as we ask for it
_CONFIG = """
database = "smsreminders.db"
[schedule]
remind = ["2wd", "1wd unless confirmed"]
[messages.appointment-reminder]
nl = "Beste {{patient}}, kanarietekst: {{day}} {{date}} om {{time}} een afspraak bij {{practice}}."
[gateway]
{gateway}
per_second = 1000
connections = 4
"""
_TEXTS = ("STOP", "JA", "Kan het een uur later?")
_CONFIRMED = "select r.phone from replies r join reply_appointments k on k.reply_id = r.id where k.confirmed = 1"
BROKEN: tuple[str, ...] = (
    "lost",
    "doubled",
    "not stopped",
    "stopped by nobody",
    "confirmed wrongly",
    "texted",
    "not texted",
    "corrupt",
)
BROKEN += ("bugs", "canaries")


class Spryng(FakeSpryng):
    """A Spryng that got an answer of each patient, and whose list has two who opted out."""

    page = 0  # nothing may be lost: it tells again
    opted_out: tuple[int, ...] = (2, 5)

    @property
    def table(self) -> str:
        """Its keys in [gateway]."""
        keys = f'name = "spryng"\nbase_url = "{self.url}"\naccount_reference = "{self.account_reference}"\n'
        return f'{keys}api_key = "{self.api_key}"'

    def hears(self) -> None:
        """Let what comes in be there."""
        for number in range(PATIENTS):
            self.lists.receives(phone(number), _TEXTS[number % 3], at=at(10, number))
        for number in self.opted_out:
            self.lists.opts_out(phone(number), at=at(10, number))


class Infobip(FakeInfobip):
    """An Infobip that got an answer of each patient, and gives each once."""

    page = PAGE
    opted_out: tuple[int, ...] = ()

    @property
    def table(self) -> str:
        """Its keys in [gateway]."""
        return f'name = "infobip"\nbase_url = "{self.url}"\napi_key = "{self.api_key}"'

    def hears(self) -> None:
        """Let what comes in be there."""
        for number in range(PATIENTS):
            self.receives(phone(number), _TEXTS[number % 3], at=at(10, number))


Fake = Spryng | Infobip
FAKES: Sequence[Callable[[], Fake]] = (Spryng, Infobip)


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill of a poll of one of `FAKES`, by its place there."""

    number: int
    of: int
    point: Point


def sweep(folder: Path, *, wanted: int) -> Counter[str]:
    """Kill at so many points (0: at all) of each gateway, and count what became of it."""
    templates = [prepare(folder / f"template-{place}", fake) for place, fake in enumerate(FAKES)]
    kills: list[Kill] = []
    for place, template in enumerate(templates):
        points = spread(list(points_of(template, FAKES[place])), wanted)
        kills += [Kill(len(kills) + number, place, point) for number, point in enumerate(points)]
    tally: Counter[str] = Counter({"kills": len(kills)})
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for fates in pool.map(lambda kill: outcome(templates[kill.of], folder, kill), kills):
            tally += fates
    tally["hardly killed"] = int(tally["killed"] < len(kills) * 0.9)
    return tally


def prepare(folder: Path, of: Callable[[], Fake]) -> Practice:
    """A practice whose patients were texted two working days before their appointments."""
    practice = plain(folder)
    must(practice, "service", "add", "--name", "Notificaties", *SMS)
    agenda = practice.files / "agenda.csv"
    agenda.write_text("\n".join([HEADER, *map(_row, range(PATIENTS)), ""]), encoding="utf-8")
    agenda.chmod(0o600)
    must(practice, "import", str(agenda), "--kind", "appointments")
    with of() as fake:
        point_at(practice, fake)
        if practice.run("dispatch", at=at(9)).code:
            raise RuntimeError("the first round didn't end well")
    return practice


def points_of(template: Practice, of: Callable[[], Fake]) -> list[list[Point]]:
    """Each call of an undisturbed poll, the calls of one name together."""
    practice = template.copy(template.folder.with_name(f"{template.folder.name}-counted"))
    with of() as fake:
        fake.hears()
        point_at(practice, fake)
        trace = practice.folder / "trace"
        practice.run("poll", at=at(11), under=counted(CALLS, trace))
    return [[Point(1, call, when) for when in range(1, n + 1)] for call, n in sorted(counts(trace).items())]


def point_at(practice: Practice, fake: Fake) -> None:
    """Send and ask here from now on."""
    practice.config.write_text(_CONFIG.format(gateway=fake.table), encoding="utf-8")
    practice.config.chmod(0o600)


def outcome(template: Practice, folder: Path, kill: Kill) -> Counter[str]:
    """Kill a poll, poll again, and send the second reminders; count what is broken."""
    practice = template.copy(folder / f"kill-{kill.number}")
    with FAKES[kill.of]() as fake:
        fake.hears()
        point_at(practice, fake)
        killed = practice.run("poll", at=at(11), under=injected(kill.point.call, "signal=SIGKILL", kill.point.when))
        later = [practice.run(word, at=moment) for word, moment in (("poll", at(11, 10)), ("dispatch", at(24 + 9)))]
        tally = broken(practice, fake)
    tally["killed"] = int(killed.code != 0)
    tally["bugs"] = sum(ran.code not in {0, 3} or b"Traceback" in ran.err for ran in later)
    tally["canaries"] = len(practice.leaks(killed, *later))
    if names := [name for name in BROKEN if tally[name]]:
        tell(f"{', '.join(names)}: {FAKES[kill.of]} {kill.point}; {later}; see {practice.folder}")
    else:
        rmtree(practice.folder)
    return tally


def broken(practice: Practice, fake: Fake) -> Counter[str]:
    """Compare what is stored, stopped, confirmed and texted with what came in."""
    stored = practice.ask("select phone, text from replies")
    stop, yes = ({number for number, text in stored if text == word} for word in _TEXTS[:2])
    opted_out = {phone(number) for number in fake.opted_out}
    stopped = {number for (number,) in practice.ask("select e164 from stop_events where how = 'reply'")}
    confirmed = {number for (number,) in practice.ask(_CONFIRMED)}
    texted = {f"+{str(sms['phone']).removeprefix('+')}" for sms in fake.journal}
    may_be = {phone(number) for number in range(PATIENTS)} - stop - yes - opted_out
    return Counter(
        {
            "replies lost": PATIENTS - len(stored),
            "lost": max(0, PATIENTS - len(stored) - fake.page),
            "doubled": len(stored) - len({number for number, _ in stored}),
            "not stopped": len(stop - stopped),
            "stopped by nobody": len(stopped - stop),
            "confirmed wrongly": len(confirmed ^ yes),
            "texted": len(texted - may_be),
            "not texted": len(may_be - texted),
            "corrupt": int(not practice.is_whole()),
        }
    )


def phone(number: int) -> str:
    """The number of a patient."""
    return f"+316{12_345_000 + number}"


def _row(number: int) -> str:
    start = at(48 + 10) + timedelta(minutes=10 * number)
    starts, ends = (f"{moment:%Y-%m-%d %H:%M}" for moment in (start, start + timedelta(minutes=10)))
    who = f"{name_of(number)},{phone(number)},nl,yes"
    return f"A{number:04d},P{number:04d},{starts},{ends},booked,,Kanarie Tandarts,{who}"


def main() -> int:
    """Sweep as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.poll_sweep", description=__doc__)
    parser.add_argument("--points", type=int, default=40, metavar="N")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return figures(sweep(Path(folder), wanted=arguments.points), broken=(*BROKEN, "hardly killed"))


if __name__ == "__main__":
    raise SystemExit(main())
