"""What users take from docs/deploy: the CronJob does a round with the secret of its pod, and the API takes it."""

import importlib.util
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from smsreminders.cli.units import RECURRING
from tests.cli.running import TUESDAY, Program
from tests.cli.spryng import send_by
from tests.gateways.fake_spryng import NOW, FakeSpryng

FOLDER = Path(__file__).parents[2] / "docs" / "deploy"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
MANIFEST = FOLDER / "cronjob.yaml"
BY_A_SHELL = {"page": "page", "close": "report", "backup": "backup"}
CONTAINERFILE = (FOLDER / "Containerfile").read_text(encoding="utf-8")


def cron_job() -> Any:  # noqa: ANN401  # whatever the manifest holds
    [_, job] = yaml.safe_load_all(MANIFEST.read_text(encoding="utf-8"))
    return job["spec"]


def pod() -> Any:  # noqa: ANN401
    return cron_job()["jobTemplate"]["spec"]["template"]["spec"]


def container() -> Any:  # noqa: ANN401
    [only] = pod()["containers"]
    return only


def test_the_pod_sends_with_the_secret_from_the_folder_of_credentials(agenda: Program) -> None:
    credentials = agenda.home / "credentials"
    credentials.mkdir()
    with FakeSpryng(now=NOW) as spryng:
        send_by(spryng, agenda)
        secret = f'api_key = "{spryng.api_key}"'
        agenda.configure(agenda.config.read_text(encoding="utf-8").replace(secret, ""))
        (credentials / "api_key").write_text(spryng.api_key, encoding="utf-8")
        (credentials / "api_key").chmod(0o440)  # as a pod has it
        ended = agenda.at(TUESDAY)(shlex.join(container()["args"]), CREDENTIALS_DIRECTORY=str(credentials))
        assert (ended.code, ended.out, ended.err, len(spryng.journal)) == (0, "", "", 3)


def test_the_cron_job_starts_one_run_at_a_time_in_the_practices_zone() -> None:
    spec = cron_job()
    assert (spec["schedule"], spec["timeZone"]) == ("0,30 9-19 * * *", "Europe/Amsterdam")
    assert (spec["concurrencyPolicy"], spec["jobTemplate"]["spec"]["backoffLimit"]) == ("Forbid", 0)


def test_what_the_pod_mounts_is_among_its_volumes() -> None:
    assert [mount["name"] for mount in container()["volumeMounts"]] == [volume["name"] for volume in pod()["volumes"]]


def test_nobody_in_the_pod_or_the_container_is_root_or_writes_elsewhere() -> None:
    user = re.findall(r"^USER (\d+)$", CONTAINERFILE, re.MULTILINE)
    assert [str(pod()["securityContext"]["runAsUser"])] == user != ["0"]
    assert container()["securityContext"] == {
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_page_names_each_unit_with_its_command() -> None:
    rows = dict(re.findall(r"^\| (smsreminders-\w+) \| `(\w+)", PAGE, re.MULTILINE))
    first = {f"smsreminders-{unit.name}": unit.words[0] for unit in RECURRING if unit.words}
    assert rows == first | {f"smsreminders-{name}": word for name, word in BY_A_SHELL.items()}


@pytest.mark.skipif(
    importlib.util.find_spec("kubernetes_validate") is None,
    reason="kubernetes-validate isn't installed: pip install kubernetes-validate (108 MB of schemas)",
)
def test_the_manifest_is_what_the_schemas_of_kubernetes_say() -> None:
    command = [sys.executable, "-m", "kubernetes_validate", "--strict", str(MANIFEST)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, json.dumps(ended.stdout + ended.stderr)
