"""The units of `schedule --systemd` in a Debian that systemd boots: each does its work within the bounds that they set.

The program is installed from the wheel, imports a spreadsheet, and sends by a loopback gateway with the secret that
systemd hands over. It needs root, debootstrap and systemd-nspawn, the Debian archive and the package registry, and a
wheel in dist/ (`.ci/wheel dist`).

python -m tests.long.systemd_boot [--root FOLDER]     FOLDER: made with debootstrap if it isn't there, and kept
"""

import argparse
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook

from smsreminders.cli.units import RECURRING
from tests.commanding import TUESDAY
from tests.gateways.fake_spryng import FakeSpryng
from tests.long.container import REPOSITORY, in_root, prepare

_LONGEST = 300  # seconds from the start of the machine to its end
_INSTALL = """
export DEBIAN_FRONTEND=noninteractive
test -x /lib/systemd/systemd || {
    apt-get -qq update && apt-get -qq install --no-install-recommends systemd systemd-sysv dbus
} >/dev/null 2>&1
rm -rf /opt/smsreminders /var/lib/smsreminders && python3 -m venv /opt/smsreminders/.venv
/opt/smsreminders/.venv/bin/pip install -q --require-hashes -r /build/requirements.lock
/opt/smsreminders/.venv/bin/pip install -q --no-deps /build/smsreminders-*.whl
id smsreminders >/dev/null 2>&1 || useradd --system --home-dir /var/lib/smsreminders smsreminders
install -d -o smsreminders -m 0700 /var/lib/smsreminders
ln -sf /etc/systemd/system/steps.service /etc/systemd/system/multi-user.target.wants/
"""
_STEPS = """#!/bin/sh
exec >/results 2>&1
program=/opt/smsreminders/.venv/bin/smsreminders config=/var/lib/smsreminders/config.toml
own() { runuser -u smsreminders -- env SMSREMINDERS_CONFIG=$config $program --quiet "$@"; }
own init --practice "Tandartspraktijk De Linde"
own service add --name Notificaties --channel sms --notification-type appointment-reminder
cat /build/config.toml >$config
$program --config $config schedule --systemd --output /etc/systemd/system
for name in NAMES; do  # the day of the test: a gateway on 127.0.0.1 allows it
    folder=/etc/systemd/system/smsreminders-$name.service.d
    mkdir -p $folder
    printf '[Service]\\nEnvironment=SMSREMINDERS_NOW=MOMENT\\n' >$folder/now.conf
done
systemctl daemon-reload
for name in NAMES; do
    systemctl start smsreminders-$name.service
    echo "ended $name $(systemctl show --property ExecMainStatus --value smsreminders-$name.service)"
    systemctl enable --now smsreminders-$name.timer
done
echo "timers $(systemctl list-timers --no-pager --no-legend 'smsreminders-*' | wc -l)"
journalctl --no-pager --output cat --unit 'smsreminders-*'
ls -l /var/lib/smsreminders
systemctl poweroff
"""
_SERVICE = "[Service]\nExecStart=/root/steps\n"


def lay_out(root: Path, spryng: FakeSpryng) -> None:
    """Put into the root what the steps need: the wheel, a configuration without its secret, the secret, an export."""
    shutil.rmtree(root / "build", ignore_errors=True)
    for folder in ("build", "srv", "etc/smsreminders/credentials", "etc/systemd/system/multi-user.target.wants"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for file in (REPOSITORY / "requirements.lock", *(REPOSITORY / "dist").glob("*.whl")):
        shutil.copy(file, root / "build")
    (root / "build/config.toml").write_text(
        f'[gateway]\nname = "spryng"\nbase_url = "{spryng.url}"\naccount_reference = "{spryng.account_reference}"\n'
        '[[sources]]\nname = "agenda"\npath = "/srv/agenda*.xlsx"\n',
        encoding="utf-8",
    )
    secret = root / "etc/smsreminders/credentials/smsreminders.api_key"
    secret.write_text(spryng.api_key, encoding="utf-8")
    secret.chmod(0o600)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["appointment_id", "patient_id", "patient_name", "phone", "consent", "start"])
    sheet.append(["A1", "P1", "K. Canaria", "06-12345671", "ja", "2026-11-25 11:00"])
    book.save(root / "srv/agenda.xlsx")
    names = " ".join(recurring.name for recurring in RECURRING)
    (root / "root/steps").write_text(_STEPS.replace("NAMES", names).replace("MOMENT", TUESDAY), encoding="utf-8")
    (root / "root/steps").chmod(0o700)
    (root / "etc/systemd/system/steps.service").write_text(_SERVICE, encoding="utf-8")


def promises(root: Path) -> tuple[str, list[tuple[str, bool]]]:
    """What the machine told, and what the page says of the units with whether it holds."""
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        lay_out(root, spryng)
        in_root(root, _INSTALL)
        boot = [
            "/usr/bin/systemd-nspawn",
            "--register=no",
            "--keep-unit",
            "--quiet",
            "--boot",
            "--directory",
            str(root),
        ]
        subprocess.run(boot, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=_LONGEST)
        sent = len(spryng.journal)
    results = (root / "results").read_text(encoding="utf-8")
    ended = dict(re.findall(r"^ended (\w+) (\d+)$", results, re.MULTILINE))
    return results, [
        ("each unit ends well", ended == {recurring.name: "0" for recurring in RECURRING}),
        ("each timer waits", f"timers {len(RECURRING)}" in results),
        ("a text left with the secret of systemd", sent == 1),
        (
            "there is a bill, and a copy",
            bool(re.search(r"-\d\d\.csv", results) and re.search(r"-\d\d-\d\d\.db", results)),
        ),
    ]


def main() -> None:
    """Boot, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        root = options.root or Path(folder) / "root"
        prepare(root)
        results, held = promises(root)
    for promise, holds in held:
        print("ok  " if holds else "NOT ", promise)  # noqa: T201
    if not all(holds for _, holds in held):
        raise SystemExit(results)


if __name__ == "__main__":
    main()
