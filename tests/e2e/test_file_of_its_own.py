"""A practice that goes on with a file of its own: what its export knows keeps everybody from a second text."""

import shutil
from datetime import datetime
from pathlib import Path

from tests.commanding import TUESDAY, Installed, installed
from tests.gateways.fake_spryng import FakeSpryng
from tests.released import send_by

AN_HOUR_LATER = "2026-11-24T10:00:00+01:00"


def test_a_practice_goes_on_from_its_export_and_texts_nobody_again(tmp_path: Path) -> None:
    here, there = (tmp_path / name for name in ("here", "there"))
    here.mkdir()
    old, new = installed(here), Installed(there, at=AN_HOUR_LATER)
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        send_by(spryng, old)
        old.does("dispatch")
        old.does("service disable Notificaties")
        old.does("practice export linde --output linde.db")
        new.config.parent.mkdir(parents=True)
        shutil.copy(old.config, new.config)
        shutil.move(here / "linde.db", new.database)
        texts = len(spryng.journal)
        assert (new("dispatch").code, texts) == (78, 3)
        new.does("reconcile")
        new.does("service enable Notificaties")
        new.does("appointment add A8 --patient P1 --start '2026-11-25 10:00'")
        new.does("dispatch")
        assert old("dispatch").code == 0
        assert ["10:00" in str(sms["text"]) for sms in spryng.journal[texts:]] == [True]
        new.does("log verify")
