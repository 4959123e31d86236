"""The disk under our files: is it this machine's own, is it written to, and why can a file not be made on it."""

import errno
import os
import re
from pathlib import Path

from smsreminders.errors import AdministratorNeeded, SmsremindersError, TryAgainLater

# where the locks of SQLite and flock mean nothing or not enough: over a network, in a cluster, in a machine's share
_KINDS = """
    nfs nfs4 cifs smb3 smbfs ncpfs afs coda ceph 9p glusterfs lustre beegfs gpfs orangefs gfs2 ocfs2 davfs
    virtiofs vboxsf prl_fs fuse.vmhgfs-fuse
    fuse.sshfs fuse.glusterfs fuse.ceph-fuse fuse.davfs2 fuse.rclone fuse.s3fs fuse.goofys fuse.gcsfuse fuse.blobfuse2
    fuse.mountpoint-s3 fuse.juicefs fuse.seaweedfs fuse.mfs fuse.lizardfs fuse.curlftpfs fuse.smbnetfs fuse.gvfsd-fuse
"""
NETWORKED = frozenset(_KINDS.split())
MOUNTS = Path("/proc/self/mountinfo")
_OCTAL = re.compile(rb"\\([0-7]{3})")  # how the kernel writes a blank, a tab, a line break and a backslash


def sync(path: Path) -> None:
    """Put on disk what was written to a file, or the names in a folder. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_local(path: Path, mounts: Path = MOUNTS) -> None:
    """Refuse a database on a network file system, such as NFS. Raises AdministratorNeeded.

    Locks don't hold there (sqlite.org/useovernet.html). `mounts` is the kernel's list (proc(5), mountinfo); without it
    nothing is known and nothing refused.
    """
    kind = _kind_of(path.resolve(), mounts)
    if kind in NETWORKED:
        raise AdministratorNeeded(
            f"{path} lies on a network file system ({kind}), where its locks don't hold: move it to a local disk"
        )


def not_made(path: Path, error: OSError) -> SmsremindersError:
    """The error about a file that can't be made: a full disk may have room later, all else needs a person."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return TryAgainLater(f"{path} can't be made: the disk is full: make room and try again")
    return AdministratorNeeded(f"{path} can't be made: {error.strerror}")


def _kind_of(path: Path, mounts: Path) -> str | None:
    """The type of the file system that holds a path: that of the longest mount point above it, the last of equals."""
    try:
        lines = mounts.read_bytes().split(b"\n")
    except OSError:
        return None
    best: tuple[int, str] | None = None
    for line in filter(None, lines):
        before, _, after = line.partition(b" - ")
        written = before.split(b" ")[4]
        point = Path(os.fsdecode(_OCTAL.sub(lambda octal: bytes([int(octal[1], 8)]), written)))
        if path.is_relative_to(point) and (best is None or len(point.parts) >= best[0]):
            best = (len(point.parts), os.fsdecode(after.split(b" ")[0]))
    return best[1] if best else None
