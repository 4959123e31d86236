"""The sandbox: takes every message, sends nothing, and reports by the number's last digit. For trying out and tests.

Its messages stand in a file beside the database, `<database file name>.sandbox.jsonl`, one JSON object a line.
"""

import json
import os
import threading
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, timedelta
from pathlib import Path

from smsreminders.domain.agenda.nesting import check_nesting
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Accepted, DeliveryReport, Open, Outgoing, Unavailable
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Options
from smsreminders.gateways.features import ANY_SENDER, Features

FEATURES = Features("Sandbox: sends nothing", sender_ids=ANY_SENDER, kept=timedelta(days=36500), sends_nothing=True)

REPORTED: dict[str, Status | None] = {"7": Status.FAILED, "8": Status.FAILED, "9": None}  # else delivered


class Sandbox:
    """A gateway that keeps what it takes in `file`, which only its owner can read: numbers of patients stand in it."""

    features = FEATURES

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def send(self, sms: Outgoing) -> Accepted | Unavailable:
        """Write the SMS down; Unavailable where the file can't be written."""
        gateway_id = f"sandbox-{sms.reference}"
        message = {
            "reference": sms.reference,
            "gateway_id": gateway_id,
            "phone": sms.phone,
            "sender_id": sms.sender_id,
            "text": sms.text,
            "valid_until": sms.valid_until.astimezone(UTC).isoformat(),
        }
        try:
            self._append(json.dumps(message).encode() + b"\n")
        except OSError:
            return Unavailable(f"the sandbox can't write {self._file}")
        return Accepted(gateway_id=gateway_id)

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Report delivered, failed or nothing by the number; one that gets no report is reported as sent, once."""
        asked_by_reference = {sms.reference: sms for sms in asked}
        for number, line in enumerate(self._lines(), 1):
            match _parsed(line):
                case {"reference": str(reference), "phone": str(phone), "gateway_id": str(gateway_id)}:
                    sms = asked_by_reference.get(reference)
                case _:
                    raise TryAgainLater(f"{self._file}, line {number}: not what the sandbox wrote")
            if sms is None:
                continue
            status = REPORTED.get(phone[-1:], Status.DELIVERED)
            if status is not None or sms.gateway_id is None:
                status = status or Status.SENT
                yield DeliveryReport(reference, status, raw=status.value, gateway_id=gateway_id)

    def account(self) -> str:
        """Say that there is no account."""
        return "the sandbox takes everything and sends nothing"

    def _append(self, line: bytes) -> None:
        with self._lock:
            descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.write(descriptor, line)
            finally:
                os.close(descriptor)

    def _lines(self) -> list[str]:
        try:
            return self._file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise TryAgainLater(f"the sandbox can't read {self._file}") from error


def _parsed(line: str) -> object:
    try:
        check_nesting(line)
        return json.loads(line)
    except ValueError:
        return None


def forget(beside: Path, references: Collection[str]) -> None:
    """Take messages out of the sandbox beside a database, by their references: another file takes its place at once.

    Raises OSError.
    """
    file = _file(beside)
    if not file.exists():
        return
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not any(f'"reference": "{reference}"' in line for reference in references)]
    if kept == lines:
        return
    part = file.with_name(f"{file.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as new:
        new.writelines(kept)
        new.flush()
        os.fsync(new.fileno())
    part.replace(file)


def open_gateway(options: Options) -> Sandbox:
    """Open the sandbox beside the database."""
    return Sandbox(_file(options.beside))


def _file(beside: Path) -> Path:
    return beside.with_name(f"{beside.name}.sandbox.jsonl")
