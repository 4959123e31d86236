"""`schedule --systemd`: units that systemd takes, that do what the crontab does, and that may do little else."""

import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from smsreminders.cli.schedule import EXAMPLE
from smsreminders.cli.units import RECURRING, Place, units
from tests.cli.running import TUESDAY, Program
from tests.cli.spryng import send_by
from tests.gateways.fake_spryng import NOW, FakeSpryng

SYSTEMD = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(SYSTEMD is None, reason="there is no systemd-analyze")
EXPOSURE = 25  # tenths: 19 by systemd 252, later ones count a little otherwise; what is left is mostly the network
ODD = '/srv/odd $HOME %h "name" \\it\'s'
PLACE = Place(
    name="smsreminders-noord",
    program=Path("/bin/true"),
    user="smsreminders",
    database=Path("/var/lib/smsreminders/noord/smsreminders.db"),
    zone="Europe/Amsterdam",
    environment={"SMSREMINDERS_CONFIG": "/etc/smsreminders/noord.toml"},
    credentials={"api_key": Path("/etc/smsreminders/credentials/smsreminders-noord.api_key")},
    writable=[Path("/srv/hl7")],
)


def keys(unit: str, key: str) -> list[str]:
    """The values of a key, one a line."""
    return re.findall(rf"^{key}=(.*)$", unit, re.MULTILINE)


def analyzed(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(SYSTEMD), *words], cwd=folder, capture_output=True, text=True, check=False)


def complaints(files: dict[str, str], folder: Path) -> list[str]:
    """What systemd says of units whose program is there."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    ended = analyzed("--man=no", "verify", *(f"./{name}" for name in files), folder=folder)
    return [line for line in ended.stderr.splitlines() if "smsreminders" in line]


def test_units_do_all_that_the_crontab_does() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    in_the_crontab = set(re.findall(r"smsreminders --quiet (\w+)", text))
    assert {(unit.words or unit.shell.split()[3:])[0] for unit in RECURRING if unit.name != "backup"} | {
        "backup"
    } == in_the_crontab


@needs_systemd
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    assert complaints(units(PLACE), tmp_path) == []


@needs_systemd
def test_the_units_are_bound_so_that_systemd_finds_little_to_say(tmp_path: Path) -> None:
    service = "smsreminders-noord-poll.service"
    (tmp_path / service).write_text(units(PLACE)[service], encoding="utf-8")
    ended = analyzed("security", "--offline=yes", f"--threshold={EXPOSURE}", f"./{service}", folder=tmp_path)
    assert ended.returncode == 0, ended.stdout[-300:]


def test_a_run_may_write_to_the_folder_of_the_database_and_no_other() -> None:
    service = units(PLACE)["smsreminders-noord-dispatch.service"]
    assert keys(service, "ReadWritePaths") == ["/var/lib/smsreminders/noord -/srv/hl7"]
    assert (keys(service, "ProtectSystem"), keys(service, "User")) == (["strict"], ["smsreminders"])


def test_the_timers_go_by_the_practices_zone() -> None:
    files = units(PLACE)
    assert keys(files["smsreminders-noord-dispatch.timer"], "OnCalendar") == [
        "09:00 Europe/Amsterdam",
        "09..19:30 Europe/Amsterdam",
    ]
    times = [moment for text in files.values() for moment in keys(text, "OnCalendar")]
    assert [moment for moment in times if not moment.endswith(" Europe/Amsterdam")] == []


@pytest.mark.parametrize("name", ["close", "backup"])
def test_a_shell_gets_the_odd_name_of_a_folder_as_it_is(tmp_path: Path, name: str) -> None:
    folder = tmp_path / ODD.lstrip("/")
    folder.mkdir(parents=True)
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\nfor word; do echo "$word"; done\n', encoding="utf-8")
    program.chmod(0o755)
    place = Place("smsreminders", program, "x", folder / "s.db", "UTC", {}, {}, [])
    [command] = keys(units(place)[f"smsreminders-{name}.service"], "ExecStart")
    unescaped = command.replace("$$", "$").replace("%%", "%")  # as systemd does
    ended = subprocess.run(shlex.split(unescaped), capture_output=True, text=True, check=True)
    assert re.fullmatch(re.escape(str(folder)) + r"/smsreminders-[\d-]+\.(csv|db)", ended.stdout.splitlines()[-1])


def test_units_of_this_installation_are_put_into_a_folder_and_renewed(linde: Program) -> None:
    folder = linde.home / "units"
    folder.mkdir()
    for _ in range(2):
        ended = linde(f"schedule --systemd --output {folder}")
        assert (ended.code, ended.out) == (0, "")
        assert f"Wrote {2 * len(RECURRING)} units to {folder}. Then: systemctl daemon-reload && " in ended.err
    service = (folder / "smsreminders-dispatch.service").read_text(encoding="utf-8")
    program = Path(sys.executable).with_name("smsreminders")
    assert keys(service, "ExecStart") == [f"{program} --quiet dispatch --if-missed"]
    assert keys(service, "Environment") == [f"SMSREMINDERS_CONFIG={linde.config}"]
    assert keys(service, "LoadCredential") == []  # the sandbox has no secret
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o644}
    assert {path.name for path in folder.iterdir()} == {
        f"smsreminders-{recurring.name}.{kind}" for recurring in RECURRING for kind in ("service", "timer")
    }


def test_a_unit_that_somebody_else_wrote_stays(linde: Program) -> None:
    theirs = linde.home / "smsreminders-poll.timer"
    theirs.write_text("[Timer]\n", encoding="utf-8")
    before = sorted(linde.home.iterdir())
    ended = linde(f"schedule --systemd --output {linde.home}")
    assert (ended.code, "was not written by this command" in ended.err) == (2, True)
    assert (sorted(linde.home.iterdir()), theirs.read_text(encoding="utf-8")) == (before, "[Timer]\n")


@pytest.mark.parametrize(
    "words", ["--output .", "--name smsreminders-noord", "--systemd --name noord", "--systemd --name smsreminders-$x"]
)
def test_what_is_no_name_of_units_or_not_about_them_is_refused(linde: Program, words: str) -> None:
    assert linde(f"schedule {words}").code == 2


def test_the_secrets_of_accounts_that_stand_nowhere_else_come_from_systemd(agenda: Program) -> None:
    with FakeSpryng(now=NOW) as spryng:
        send_by(spryng, agenda)
        text = agenda.config.read_text(encoding="utf-8").replace(f'api_key = "{spryng.api_key}"', "")
        others = '[gateways.zuid]\nname = "twilio"\nsecret_file = "zuid.key"\n[gateways.oost]\nname = "seven"\n'
        agenda.configure(f"{text}\n{others}")
        printed = agenda("schedule --systemd --name smsreminders-noord").out
        folder = "/etc/smsreminders/credentials/smsreminders-noord"
        assert set(keys(printed, "LoadCredential")) == {
            f"api_key:{folder}.api_key",
            f"oost.api_key:{folder}.oost.api_key",
        }
        agenda.configure(text)
        credentials = agenda.home / "credentials"
        credentials.mkdir()
        (credentials / "api_key").write_text(spryng.api_key, encoding="utf-8")
        [command] = [words for words in keys(printed, "ExecStart") if "dispatch" in words]
        sent = agenda.at(TUESDAY)(command.partition(" ")[2], CREDENTIALS_DIRECTORY=str(credentials))
        assert (sent.code, sent.out, sent.err, len(spryng.journal)) == (0, "", "", 3)
