"""This machine: what a text costs it, measured with real rounds of made-up patients to a gateway on 127.0.0.1."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.answering import answering
from bench.measure import must
from bench.simulation import Costs
from smsreminders.cli.clock import SystemClock
from smsreminders.config import read_settings
from smsreminders.domain.sending import Accepted, DeliveryReport, Open, Outcome, Outgoing
from smsreminders.gateways import Gateway, InUse, Options, open_gateway
from smsreminders.gateways.spryng import FEATURES
from smsreminders.jobs.dispatch import dispatch
from smsreminders.store.database import opened, write_transaction
from smsreminders.store.installation import count_run
from smsreminders.store.practices import all_practices

_NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)  # 09:00 in Amsterdam, and the appointments are on the next day
_ROW = "A{n},P{n},2026-11-25 {hour:02}:{minute:02},J. de Vries,06-{number},ja\n"
_PROGRAM = Path(sys.executable).with_name("smsreminders")
_EMPTY = 100  # transactions


@dataclass(frozen=True, slots=True)
class Round:
    """What the sending of a real round took: seconds, seconds of CPU, transactions; `planning` is what came before."""

    texts: int
    seconds: float
    cpu: float
    transactions: int
    planning: float


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run of the program: its seconds, the most memory in MiB, and by how many bytes a text the file grew."""

    texts: int
    seconds: float
    memory: float
    growth: float


class AtOnce:
    """A gateway within this process that takes every text at once: what is left is ours."""

    features = FEATURES

    def __init__(self) -> None:
        self._count = 0

    def send(self, _sms: Outgoing) -> Outcome:
        """Take it."""
        self._count += 1
        return Accepted(f"m{self._count}")

    def lookup(self, _asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Know nothing."""
        yield from ()

    def account(self) -> str:
        """Know the account."""
        return "known"


class House:
    """A practice in a folder, with so many patients who come tomorrow; each round is the first one of a copy."""

    def __init__(self, folder: Path, texts: int) -> None:
        self._texts, self._rounds = texts, 0
        folder.mkdir()
        self._config = folder / "config.toml"
        agenda = folder / "agenda.csv"
        head = "appointment_id,patient_id,start,patient_name,phone,consent\n"
        rows = (_ROW.format(n=n, hour=8 + n // 60 % 9, minute=n % 60, number=f"{12_000_000 + n}") for n in range(texts))
        agenda.write_text(head + "".join(rows), encoding="utf-8")
        _run(self._config, "init", "--practice", "De Linde")
        self._config.write_text(f"[schedule]\ndaily_limit = {texts}\n", encoding="utf-8")
        pair = ["--channel", "sms", "--notification-type", "appointment-reminder"]
        _run(self._config, "service", "add", "--name", "Notificaties", *pair)
        _run(self._config, "import", str(agenda), "--kind", "appointments")

    def round(self, gateway: Gateway, *, connections: int, per_second: float) -> Round:
        """Dispatch to this gateway, all safety on."""
        marks: list[tuple[float, float]] = []

        def mark(*_: object) -> None:
            marks.append((time.perf_counter(), time.process_time()))

        settings = read_settings(self._config, {"SMSREMINDERS_DATABASE": str(self.copy())})
        with opened(settings.database) as db:
            mark()
            report = dispatch(
                db,
                all_practices(db),
                gateway=InUse("spryng", gateway, connections, per_second, timedelta(minutes=10)),
                schedule=settings.schedule,
                wording=settings.wording,
                general_rate=settings.billing.rate,
                clock=SystemClock(_NOW),
                interrupted=lambda: False,
                progress=mark,
                foreseen=mark,
            )
        must(report.sent.by_status.total() == self._texts and not report.waiting, "not every text was sent")
        (began, _), (first, cpu), (last, cpu_at_last) = marks[0], marks[1], marks[-1]
        return Round(self._texts, last - first, cpu_at_last - cpu, len(marks) - 2, first - began)

    def round_over_http(self, milliseconds: float, *, connections: int, per_second: float) -> Round:
        """The same to a gateway on 127.0.0.1 with this answer time."""
        with answering(milliseconds) as url:
            return self.round(spryng(url, self._config), connections=connections, per_second=per_second)

    def whole_run(self) -> Run:
        """The program as cron starts it, with the gateway `sandbox`, which takes every text at once."""
        path = self.copy()
        before = path.stat().st_size
        self._config.write_text(
            f"[schedule]\ndaily_limit = {self._texts}\n[gateway]\nper_second = 10000\n", encoding="utf-8"
        )
        began = time.perf_counter()
        with subprocess.Popen(
            [_PROGRAM, "--config", self._config, "--quiet", "dispatch"],
            env=_surroundings(self._config) | {"SMSREMINDERS_DATABASE": str(path)},
        ) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        must(process.returncode == 0, f"dispatch ended with {process.returncode}")
        return Run(self._texts, seconds, used.ru_maxrss / 1024, (path.stat().st_size - before) / self._texts)

    def costs(self) -> Costs:
        """What the model needs to know of this machine, each measured alone."""
        alone = self.round(AtOnce(), connections=1, per_second=1e6)
        with opened(self.copy()) as db:
            began = time.process_time()
            for number in range(_EMPTY):
                with write_transaction(db):
                    count_run(db, number, _NOW)
            transaction = (time.process_time() - began) / _EMPTY
        return Costs(
            transaction=transaction,
            text=max(0.0, (alone.cpu - alone.transactions * transaction) / alone.texts),
            request=self._request(),
            commit=max(0.0, alone.seconds - alone.cpu) / alone.transactions,
        )

    def copy(self) -> Path:
        """The database as it is before its first round."""
        self._rounds += 1
        path = self._config.with_name(f"{self._rounds}.db")
        shutil.copyfile(self._config.with_name("smsreminders.db"), path)
        return path

    def _request(self) -> float:
        """Seconds of CPU of a request."""
        moments = {"handed_over_at": _NOW, "valid_until": _NOW + timedelta(days=1)}
        sms = Outgoing(
            reference="r", phone="+31612000000", sender_id="Linde", text="x" * 140, encoding="GSM-7", **moments
        )
        with answering(0) as url:
            gateway = spryng(url, self._config)
            gateway.send(sms)
            began = time.process_time()
            for _ in range(self._texts):
                gateway.send(sms)
            return (time.process_time() - began) / self._texts


def spryng(url: str, beside: Path) -> Gateway:
    """The gateway Spryng as the configuration opens it, at this address."""
    own = {"account_reference": "SPNLBENCH", "api_key": "bench"}
    return open_gateway("spryng", Options(beside=beside, base_url=url, timeout=30, own=own))


def _surroundings(config: Path) -> dict[str, str]:
    return {"SMSREMINDERS_NOW": _NOW.isoformat(), "HOME": str(config.parent)}


def _run(config: Path, *words: str) -> None:
    ended = subprocess.run(
        [_PROGRAM, "--config", config, *words], env=_surroundings(config), capture_output=True, check=False
    )
    must(ended.returncode == 0, f"{words} ended with {ended.returncode}")
