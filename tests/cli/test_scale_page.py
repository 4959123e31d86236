"""What users copy from docs/scale.md works as it stands: the systemd units and the CronJob."""

import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.running import TUESDAY, Program
from tests.cli.spryng import send_by
from tests.gateways.fake_spryng import NOW, FakeSpryng

PAGE = (Path(__file__).parents[2] / "docs" / "scale.md").read_text(encoding="utf-8")
SERVICE, TIMER = re.findall(r"^```ini\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
[MANIFEST] = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
PROGRAM = "/opt/smsreminders/.venv/bin/smsreminders"


def service() -> Any:  # noqa: ANN401  # a section of a unit
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's keys have capitals
    unit.read_string(SERVICE)
    return unit["Service"]


def cron_job() -> Any:  # noqa: ANN401  # whatever the manifest holds
    return yaml.safe_load(MANIFEST)["spec"]


def container() -> Any:  # noqa: ANN401
    [only] = cron_job()["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    return only


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    (tmp_path / "smsreminders@.service").write_text(SERVICE.replace(PROGRAM, "/bin/true"), encoding="utf-8")
    (tmp_path / "smsreminders@.timer").write_text(TIMER, encoding="utf-8")
    command = ["systemd-analyze", "--man=no", "verify", "./smsreminders@.service", "./smsreminders@.timer"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, [line for line in ended.stderr.splitlines() if "smsreminders" in line]) == (0, [])


@pytest.mark.parametrize("command", [service()["ExecStart"], shlex.join(container()["args"])], ids=["systemd", "pod"])
def test_the_command_sends_with_the_secret_from_the_folder_of_credentials(agenda: Program, command: str) -> None:
    credentials = agenda.home / "credentials"
    credentials.mkdir()
    with FakeSpryng(now=NOW) as spryng:
        send_by(spryng, agenda)
        secret = f'api_key = "{spryng.api_key}"'
        agenda.configure(agenda.config.read_text(encoding="utf-8").replace(secret, ""))
        (credentials / service()["LoadCredential"].partition(":")[0]).write_text(spryng.api_key, encoding="utf-8")
        (credentials / "api_key").chmod(0o440)  # as a pod has it
        words = re.sub(r"--config \S+", f"--config {agenda.config}", command).partition(" ")[2]
        ended = agenda.at(TUESDAY)(words, CREDENTIALS_DIRECTORY=str(credentials))
        assert (ended.code, ended.out, ended.err, len(spryng.journal)) == (0, "", "", 3)


def test_the_cron_job_starts_one_run_at_a_time_in_the_practices_zone() -> None:
    spec = cron_job()
    assert (spec["schedule"], spec["timeZone"]) == ("0,30 9-19 * * *", "Europe/Amsterdam")
    assert (spec["concurrencyPolicy"], spec["jobTemplate"]["spec"]["backoffLimit"]) == ("Forbid", 0)


def test_what_the_pod_mounts_is_among_its_volumes() -> None:
    volumes = cron_job()["jobTemplate"]["spec"]["template"]["spec"]["volumes"]
    assert [mount["name"] for mount in container()["volumeMounts"]] == [volume["name"] for volume in volumes]
