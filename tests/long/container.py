"""The steps of docs/deploy/Containerfile in a clean Debian root, and a run in it as a container engine would do it.

For machines without a container engine. It needs root, debootstrap, the Debian archive and the package registry; the
root folder stands in for the image of Python that the steps begin with.

python -m tests.long.container [--root FOLDER]     FOLDER: made with debootstrap if it isn't there, and kept
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

REPOSITORY = Path(__file__).parents[2]
CONTAINERFILE = REPOSITORY / "docs" / "deploy" / "Containerfile"
_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
_DEBIAN = ("debootstrap", "--variant=minbase", "--include=python3-venv,ca-certificates", "bookworm")
# what an engine does for `--read-only --tmpfs /tmp --cap-drop all --user UID` with a volume at /data: all that is
# mounted is read only but these two, and no right of root is left
_IN_THE_CONTAINER = """
set -e
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
mount --bind "$1" "$1"
mount --bind "$2" "$1/data"
mount -t tmpfs tmpfs "$1/tmp"
mount -t proc proc "$1/proc"
mount --bind /dev "$1/dev"
mount -o remount,bind,ro "$1"
root=$1 user=$3 folder=$4
shift 4
exec /usr/sbin/chroot "$root" /usr/bin/setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs \
    --bounding-set=-all /bin/sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
"""


@dataclass
class Image:
    """What the last stage of a Containerfile leaves: a root folder and how a run in it begins."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    user: str = "0"
    folder: str = "/"
    entrypoint: list[str] = field(default_factory=list)

    def run(self, data: Path, *words: str, program: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """Run the program, or another one, with a volume."""
        command = [*(program or self.entrypoint), *words]
        where = [str(self.root), str(data), self.user, self.folder]
        return subprocess.run(
            ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", _IN_THE_CONTAINER, "sh", *where, *command],
            env={"PATH": os.defpath} | self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """The instructions of a Containerfile, each with its words."""
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, words = line.partition(" ")
            yield name, words


def build(base: Path, room: Path) -> Image:
    """Do the steps of the Containerfile, each stage in a copy of `base`."""
    stages: dict[str, Path] = {}
    image = Image(base)
    for name, words in instructions(CONTAINERFILE.read_text(encoding="utf-8")):
        match name:
            case "FROM":
                image = Image(room / f"stage{len(stages)}")
                subprocess.run(["/bin/cp", "--archive", base, image.root], check=True)
                stages[words.partition(" AS ")[2]] = image.root
            case "COPY":
                _copy(shlex.split(words), stages, image.root)
            case "RUN":
                in_root(image.root, words)
            case "ENV":
                key, _, value = words.partition("=")
                image.environment[key] = value
            case "USER":
                image.user = words
            case "WORKDIR":
                image.folder = words
            case "ENTRYPOINT":
                image.entrypoint = re.findall(r'"([^"]*)"', words)
            case "VOLUME" | "CMD":
                pass  # an engine's own: a volume is made where none is given, and words where there are none
            case _:
                raise ValueError(f"this script doesn't know {name}")
    return image


def _copy(words: list[str], stages: dict[str, Path], root: Path) -> None:
    source = REPOSITORY
    if words[0].startswith("--from="):
        source = stages[words.pop(0).removeprefix("--from=")]
    *patterns, target = words
    for pattern in patterns:
        files = sorted(source.glob(pattern.lstrip("/")))
        if not files:
            raise FileNotFoundError(f"{pattern}: run `.ci/wheel dist` first")
        for file in files:
            if file.is_dir():
                shutil.copytree(file, root / target.lstrip("/"), symlinks=True)
            else:
                (root / target.lstrip("/")).mkdir(exist_ok=True)
                shutil.copy(file, root / target.lstrip("/"))


def in_root(root: Path, command: str) -> None:
    """Run a command of the shell in a root folder, as root, with this machine's network."""
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin", "PIP_CERT": str(_BUNDLE)}
    subprocess.run(["/usr/sbin/chroot", root, "/bin/sh", "-ec", command], env=environment, check=True)


def prepare(root: Path) -> None:
    """Make the clean root, with the name that the image of Python gives to it, and with this machine's network."""
    if not root.exists():
        subprocess.run([*_DEBIAN, root], check=True, stdout=subprocess.DEVNULL)
    python = root / "usr/local/bin/python"
    if not python.exists():
        python.symlink_to("/usr/bin/python3")
    for file in (Path("/etc/resolv.conf"), Path("/etc/hosts"), _BUNDLE):
        shutil.copy(file, root / str(file).lstrip("/"))


def tell(ended: subprocess.CompletedProcess[str]) -> bool:
    """Tell how a run ended that should have ended otherwise; never true."""
    print(ended.returncode, ended.stdout, ended.stderr)  # noqa: T201
    return False


def promises(image: Image, room: Path) -> list[tuple[str, bool]]:
    """What docs/deploy/README.md says of a container, and whether it holds."""
    data = room / "data"
    data.mkdir(mode=0o700)
    os.chown(data, int(image.user), int(image.user))
    sh = ("/bin/sh", "-c")
    return [
        ("nobody is root", image.user != "0" and image.run(data, "id -u", program=sh).stdout == f"{image.user}\n"),
        ("it tells its version", image.run(data, "--version").stdout.startswith("smsreminders ")),
        ("its root is read only", image.run(data, "echo > /opt/x || echo > /etc/x", program=sh).returncode != 0),
        ("init makes all in /data", image.run(data, "init", "--practice", "Tandarts Linde").returncode == 0),
        ("and nothing that others read", {p.stat().st_mode & 0o077 for p in data.iterdir()} == {0}),
        ("a round runs", (ended := image.run(data, "--quiet", "dispatch")).returncode in {0, 75} or tell(ended)),
        ("the demo runs", image.run(data, "demo").returncode == 0),
        ("doctor finds the database whole", "ok       database" in image.run(data, "doctor").stdout),
        ("there is no cron", image.run(data, "command -v cron crond", program=sh).returncode != 0),
    ]


def main() -> None:
    """Build, run, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        room = Path(folder)
        root = options.root or room / "root"
        prepare(root)
        held = promises(build(root, room), room)
    for promise, holds in held:
        print("ok  " if holds else "NOT ", promise)  # noqa: T201
    raise SystemExit(not all(holds for _, holds in held))


if __name__ == "__main__":
    main()
