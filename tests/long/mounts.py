"""File systems of a test's own, on the folder of a practice: small, read-only, or gone. For root only."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = 4096


def why_no_mounts() -> str | None:
    """Why nothing can be mounted here; None where it can."""
    if os.geteuid() != 0:
        return "only root can mount"
    with tempfile.TemporaryDirectory() as name:
        tried = _run("mount", "-t", "tmpfs", "tmpfs", name)
        if tried == 0:
            _run("umount", "-l", name)
    return "mounting isn't allowed here" if tried else None


@contextmanager
def on_tmpfs(folder: Path, *, free: int) -> Iterator[None]:
    """The files of a folder on a file system of their own, with room for so many pages more; copied back at the end."""
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(folder, name, dirs_exist_ok=True)
        used = sum(-(-path.stat().st_size // PAGE) for path in folder.iterdir())
        _must("mount", "-t", "tmpfs", "-o", f"size={(used + free) * PAGE},mode=700", "tmpfs", str(folder))
        try:
            shutil.copytree(name, folder, dirs_exist_ok=True)
            yield
            shutil.copytree(folder, name, dirs_exist_ok=True)
        finally:
            _must("umount", "-l", str(folder))
        for path in folder.iterdir():
            path.unlink()
        shutil.copytree(name, folder, dirs_exist_ok=True)


def make_room(folder: Path) -> None:
    """More than enough room on the file system of this folder."""
    _must("mount", "-o", "remount,size=64m", str(folder))


def make_read_only(folder: Path) -> None:
    """Nothing can be written to the file system of this folder any more."""
    _must("mount", "-o", "remount,ro", str(folder))


def make_writable(folder: Path) -> None:
    """Let a folder be written again."""
    _must("mount", "-o", "remount,rw", str(folder))


@contextmanager
def elsewhere(folder: Path, kept: Path) -> Iterator[None]:
    """The files of a folder really lie in `kept`, on a file system that can be taken away with `take_away`."""
    kept.mkdir(mode=0o700)
    for path in list(folder.iterdir()):
        shutil.move(path, kept)
    bring_back(folder, kept)
    try:
        yield
    finally:
        take_away(folder)


def take_away(folder: Path) -> None:
    """The file system of this folder goes away under the feet of who uses it."""
    _must("umount", "-l", str(folder))


def bring_back(folder: Path, kept: Path) -> None:
    """Mount what a folder had in its place again."""
    _must("mount", "--bind", str(kept), str(folder))


def _run(*command: str) -> int:
    return subprocess.run(command, check=False, capture_output=True).returncode


def _must(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
