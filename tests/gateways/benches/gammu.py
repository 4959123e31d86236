"""Gammu SMSD on the bench: its database, in which SQL does what the daemon would do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Self

from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from tests.gateways.contract import Fate
from tests.gateways.faults import FaultyServer
from tests.gateways.smsd import IMEI, Smsd


class GammuBench:
    """SMSD's database; the daemon itself is put to the test in test_gammu_daemon.py."""

    over_http: ClassVar[bool] = False
    fates: ClassVar[frozenset[Fate]] = frozenset(Fate)
    broken: ClassVar[Sequence[str]] = ()
    gives_ids: ClassVar[bool] = True
    wait: ClassVar[float] = 1.0
    hidden = IMEI

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._smsd = Smsd(folder / "smsd.db")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def server(self) -> FaultyServer:
        raise NotImplementedError

    def open(
        self, *, base_url: str | None = None, timeout: float = 10.0, own: Mapping[str, str] | None = None
    ) -> Gateway:
        needed = {"database": "smsd.db"}
        return open_gateway(
            "gammu", Options(self._folder / "smsreminders.db", base_url, timeout, needed | dict(own or {}))
        )

    def phone_for(self, _: Fate, /) -> str:
        return "+31612345678"

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {
            Fate.DELIVERED: ("DeliveryOK", 0),
            Fate.FAILED: ("DeliveryFailed", 0x41),
            Fate.NONE: ("SendingOK", -1),
            Fate.UNKNOWN: ("Teleported", -1),
        }
        self._smsd.sends(reference, words[fate])

    @property
    def reads_again(self) -> bool:
        return True

    def receives(self, phone: str, text: str, /, *, at: datetime) -> None:
        self._smsd.receives(phone, text, noted=f"{at:%Y-%m-%d %H:%M:%S}")

    def opts_out(self, phone: str, /, *, at: datetime) -> None:
        raise NotImplementedError

    def taken(self) -> list[str]:
        rows = self._smsd.rows("outbox") + self._smsd.rows("sentitems")
        return [str(row["CreatorID"]) for row in sorted(rows, key=lambda row: int(row["ID"]))]


BENCH = GammuBench
