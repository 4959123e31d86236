"""Which file system holds a database, by the kernel's list: of all mount points above it the longest."""

import errno
import os
from pathlib import Path

import pytest

from smsreminders.errors import AdministratorNeeded
from smsreminders.store.database import create, opened
from smsreminders.store.filesystem import NETWORKED, check_local, not_made

ROOT = b"22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw"


def line(point: str | bytes, kind: str, *, optional: str = "") -> bytes:
    """A line of proc(5), mountinfo; `optional` are its optional fields."""
    written = point.encode() if isinstance(point, str) else point
    fields = optional.encode() + b" " if optional else b""
    return (
        b"36 22 0:42 / " + written + b" rw,noatime " + fields + b"- " + kind.encode() + b" server:/export rw,vers=4.2"
    )


def mounts(folder: Path, *lines: bytes) -> Path:
    path = folder / "mountinfo"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def refused(database: Path, listed: Path) -> bool:
    try:
        check_local(database, listed)
    except AdministratorNeeded:
        return True
    return False


@pytest.mark.parametrize("kind", sorted(NETWORKED))
def test_every_kind_of_network_file_system_is_refused_with_its_name(tmp_path: Path, kind: str) -> None:
    database = tmp_path / "share" / "smsreminders.db"
    with pytest.raises(AdministratorNeeded) as raised:
        check_local(database, mounts(tmp_path, ROOT, line(str(tmp_path / "share"), kind)))
    assert str(raised.value) == (
        f"{database} lies on a network file system ({kind}), where its locks don't hold: move it to a local disk"
    )


@pytest.mark.parametrize(
    "kind", ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "fuse", "fuse.gocryptfs", "fuse.encfs", "fuseblk"]
)
def test_what_is_of_this_machine_is_accepted(tmp_path: Path, kind: str) -> None:
    assert not refused(tmp_path / "smsreminders.db", mounts(tmp_path, ROOT, line(str(tmp_path), kind)))


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ([("", "nfs4"), ("/a", "ext4")], {"": True, "/a": False, "/a/b": False, "/ab": True}),
        ([("", "ext4"), ("/a", "nfs4"), ("/a/b", "ext4")], {"": False, "/a": True, "/a/b": False, "/a/c": True}),
        ([("/a/b", "ext4"), ("/a", "nfs4")], {"/a/b": False, "/a": True}),  # whatever comes first in the list
        ([("/a", "nfs4"), ("/a", "ext4")], {"/a": False}),  # the later one lies on top
        ([("/a", "ext4"), ("/a", "nfs4")], {"/a": True}),
        ([("/a", "nfs4")], {"/aa": False, "": False}),  # half a name is none
    ],
)
def test_the_longest_mount_point_above_a_path_tells_its_file_system(
    tmp_path: Path, listed: list[tuple[str, str]], expected: dict[str, bool]
) -> None:
    written = mounts(tmp_path, ROOT, *(line(f"{tmp_path}{point}", kind) for point, kind in listed))
    answers = {folder: refused(Path(f"{tmp_path}{folder}/smsreminders.db"), written) for folder in expected}
    assert answers == expected


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("with blank", rb"with\040blank"),
        ("with\ttab", rb"with\011tab"),
        ("with\nline", rb"with\012line"),
        ("with\\backslash", rb"with\134backslash"),
        (r"with\040in it", rb"with\134040in\040it"),
        ("with#number", rb"with\043number"),
        ("één praktijk", "één\\040praktijk".encode()),
        ("\u2028line\x0bbreaks\x1cof\x85others\r", "\u2028line\x0bbreaks\x1cof\x85others\r".encode()),
        ("no\udcffutf8", b"no\xffutf8"),
    ],
)
def test_a_mount_point_is_known_by_whatever_name(tmp_path: Path, name: str, written: bytes) -> None:
    folder = str(tmp_path).encode()
    listed = mounts(tmp_path, ROOT, line(folder + b"/" + written, "nfs4"), line(f"{tmp_path}/other", "tmpfs"))
    assert refused(tmp_path / name / "smsreminders.db", listed)
    assert not refused(tmp_path / "smsreminders.db", listed)


@pytest.mark.parametrize("optional", ["", "shared:1", "shared:1 master:2 propagate_from:3 unbindable"])
def test_the_optional_fields_of_a_line_make_no_difference(tmp_path: Path, optional: str) -> None:
    listed = mounts(tmp_path, ROOT, line(str(tmp_path), "nfs4", optional=optional))
    assert refused(tmp_path / "smsreminders.db", listed)


def test_a_link_is_on_the_file_system_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "real.db").touch()
    (tmp_path / "folder").symlink_to("share")
    (tmp_path / "smsreminders.db").symlink_to("share/real.db")
    listed = mounts(tmp_path, ROOT, line(str(tmp_path / "share"), "fuse.sshfs"))
    assert refused(tmp_path / "folder" / "smsreminders.db", listed)
    assert refused(tmp_path / "smsreminders.db", listed)


def test_where_nothing_is_known_nothing_is_refused(tmp_path: Path) -> None:
    check_local(tmp_path / "smsreminders.db", tmp_path / "missing")
    check_local(tmp_path / "smsreminders.db", mounts(tmp_path))


def test_the_kernels_own_list_is_understood(tmp_path: Path) -> None:
    check_local(tmp_path / "smsreminders.db")


def test_no_command_makes_or_opens_a_database_on_a_network_file_system(tmp_path: Path) -> None:
    here, share = tmp_path / "smsreminders.db", tmp_path / "share"
    create(here)
    share.mkdir()
    there = here.rename(share / here.name)
    listed = mounts(tmp_path, ROOT, line(str(share), "nfs4"))
    with pytest.raises(AdministratorNeeded, match="network file system"), opened(there, mounts=listed):
        pass  # pragma: no cover  # never reached
    with pytest.raises(AdministratorNeeded, match="network file system"):
        create(share / "new.db", mounts=listed)
    assert [path.name for path in share.iterdir()] == [there.name]


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (errno.ENOSPC, 75, "the disk is full: make room and try again"),
        (errno.EDQUOT, 75, "the disk is full: make room and try again"),
        (errno.EACCES, 78, "Permission denied"),
        (errno.EROFS, 78, "Read-only file system"),
    ],
)
def test_what_cannot_be_made_can_be_made_later_where_there_is_room_again(number: int, code: int, words: str) -> None:
    error = not_made(Path("a.lock"), OSError(number, os.strerror(number)))
    assert (error.exit_code, str(error)) == (code, f"a.lock can't be made: {words}")
