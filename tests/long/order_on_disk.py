"""The claim before the request, on the disk itself: what a power cut would leave is looked at whenever a POST leaves.

python -m tests.long.order_on_disk: strace tells every write, sync, creation and unlink of the database, its journal and
its lock. From these we keep the disk as a power cut would leave it at worst: of a file what was synced, of the folder
what it was when it was synced. At each POST that image is opened with SQLite: the claim must stand in it, and in
`covers` each appointment that its text names. With one account and one connection, where nothing else goes on
meanwhile, there must also be nothing at all that is not synced; then two accounts send with eight connections each.

The control experiment runs the same program with synchronous=FULL, and with OFF: they must be found broken.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.long.setting import ROOT, Practice, at, figures, rows_of
from tests.long.two_practices import Fakes, point_at, prepare, told

SYNCS, WRITES = {"fdatasync", "fsync"}, {"pwrite64", "ftruncate"}
TRACED = "openat,pwrite64,write,ftruncate,fdatasync,fsync,unlink,sendto,sendmsg"
_LINE = re.compile(r"(?P<thread>\d+) +(?P<call>\w+)\((?P<rest>.*)")
_RESUMED = re.compile(r"(?P<thread>\d+) +<\.\.\. (?P<call>\w+) resumed>(?P<rest>.*)")
_OF_FILE = re.compile(r'\d+<(?P<path>[^>]*)>(?:, "(?P<bytes>[^"]*)"(?P<cut>\.\.\.)?)?(?P<numbers>[^<]*)')
_NAME = re.compile(r'(?:AT_FDCWD(?:<[^>]*>)?, )?"(?P<path>[^"]*)"')
_REFERENCE = re.compile(rb'"name": ?"([0-9a-f]{32})"')

# SQLite itself, told less than our program asks for: no part of it is replaced
_LOWERED = """
import functools, sqlite3
class Lowered(sqlite3.Connection):
    def execute(self, statement, *values):
        return super().execute(statement.replace("synchronous = extra", "synchronous = {level}"), *values)
sqlite3.connect = functools.partial(sqlite3.connect, factory=Lowered)
"""


@dataclass
class Content:
    """A file, whatever its name: what was written, and what of it was synced."""

    written: bytearray
    synced: bytes = b""
    is_dirty: bool = False


@dataclass
class Disk:
    """A folder as the program sees it, and as a power cut would leave it at worst."""

    folder: Path
    names: dict[str, Content] = field(default_factory=dict)
    synced_names: dict[str, Content] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> "Disk":
        """The disk before the program started: all of it synced long ago."""
        names = {path.name: Content(bytearray(path.read_bytes()), path.read_bytes()) for path in folder.iterdir()}
        return cls(folder, names, dict(names))

    def apply(self, call: str, path: Path, data: bytes, numbers: list[int]) -> None:
        """One system call on a file of the folder, or on the folder itself."""
        if path == self.folder:
            if call in SYNCS:
                self.synced_names = dict(self.names)
            return
        if path.parent != self.folder:
            return
        if call == "unlink":
            self.names.pop(path.name, None)
            return
        content = self.names.setdefault(path.name, Content(bytearray()))
        match call:
            case "pwrite64":
                start = numbers[-1]
                content.written.extend(b"\0" * (start - len(content.written)))
                content.written[start : start + len(data)] = data
            case "ftruncate":
                del content.written[numbers[-1] :]
            case "write":
                raise ValueError(f"{path.name} is written without a place: this check doesn't know where")
        if call in SYNCS:
            content.synced, content.is_dirty = bytes(content.written), False
        elif call in WRITES:
            content.is_dirty = True

    def after_power_cut(self) -> dict[str, bytes]:
        """The files at worst."""
        return {name: content.synced for name, content in self.synced_names.items()}

    def unsynced(self) -> list[str]:
        """What a power cut would change: files written to, and names made or unlinked."""
        changed = [name for name, content in self.names.items() if content.is_dirty]
        return changed + sorted(set(self.names) ^ set(self.synced_names))


@dataclass(frozen=True, slots=True)
class Post:
    """A request that left, and the disk at that moment."""

    reference: str
    files: dict[str, bytes]
    unsynced: list[str]


def posts(trace: Path, disk: Disk) -> Iterator[Post]:
    """Every POST of a trace (strace -f -y -xx) with the disk when its first byte left."""
    under_way: dict[str, str] = {}
    leaving: dict[str, tuple[dict[str, bytes], list[str]]] = {}
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            thread, call, rest, is_whole = _parts(line, under_way)
            if call in {"sendto", "sendmsg"} and not _is_resumed(line):
                sent = _bytes(rest)
                if sent.startswith(b"POST "):
                    leaving[thread] = (disk.after_power_cut(), disk.unsynced())
                if (match := _REFERENCE.search(sent)) and thread in leaving:
                    yield Post(match[1].decode(), *leaving.pop(thread))
            elif call and (is_whole or call in WRITES):
                _apply(disk, call, rest, again=_is_resumed(line))


def _is_resumed(line: str) -> bool:
    """Whether it is the second half of a call that strace had to interrupt its line for."""
    return _RESUMED.match(line) is not None


def _parts(line: str, under_way: dict[str, str]) -> tuple[str, str, str, bool]:
    """Thread, call, arguments, and whether the call has ended; a call in two halves has the arguments of the first."""
    if parts := _RESUMED.match(line):
        return parts["thread"], parts["call"], under_way.pop(parts["thread"], ""), not _failed(line)
    parts = _LINE.match(line)
    if not parts:
        return "", "", "", False
    is_whole = not line.rstrip().endswith("<unfinished ...>")
    if not is_whole:
        under_way[parts["thread"]] = parts["rest"]
    return parts["thread"], parts["call"], parts["rest"], is_whole and not _failed(line)


def _failed(line: str) -> bool:
    return " = -1 " in line


def _apply(disk: Disk, call: str, rest: str, *, again: bool) -> None:
    if again and call in WRITES:
        return  # it counts from its start on
    if call in {"unlink", "openat"}:
        if (match := _NAME.match(rest)) and (call == "unlink" or "O_CREAT" in rest):
            disk.apply(call, Path(_decoded(match["path"]).decode()), b"", [])
    elif match := _OF_FILE.match(rest):
        if match["cut"]:
            raise ValueError("strace cut what was written: give it a longer -s")
        numbers = [int(number) for number in re.findall(r"\d+", match["numbers"].partition(")")[0])]
        disk.apply(call, Path(_path(match["path"])), _decoded(match["bytes"] or ""), numbers)


def _path(text: str) -> str:
    return _decoded(text).decode() if text.startswith("\\x") else text


def _decoded(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _bytes(rest: str) -> bytes:
    match = re.search(r'"([^"]*)"', rest)
    return _decoded(match[1]) if match else b""


def checked(
    template: Practice, name: str, *, connections: int, codes: Sequence[str] = (), level: str | None = None
) -> dict[str, int]:
    """How many POSTs left, and at how many of them the claim would not have outlived a power cut.

    `codes` are the practices that send; left out: all, side by side.
    """
    practice = template.copy(template.folder.with_name(name))
    trace = practice.folder / "trace"
    with Fakes() as fakes:
        point_at(practice, fakes.each, connections=connections)
        words = ["dispatch", *(word for code in codes for word in ("--practice", code))]
        under = ["strace", "-f", "-y", "-xx", "-s", "70000", "-qq", "-e", "signal=none", "-e", f"trace={TRACED}"]
        disk = Disk.of(practice.files)
        ran = practice.run(*words, at=at(9), under=[*under, "-o", str(trace)], environment=_lowered(practice, level))
    if ran.code:
        raise RuntimeError(f"the run ended with {ran.code}")
    named = {str(sms["reference"]): len(told(sms)) for sms in fakes.journal}
    tally = {"POSTs": 0, "claim not on disk": 0, "covers not on disk": 0, "something not synced": 0, "damaged": 0}
    for post in posts(trace, disk):
        tally["POSTs"] += 1
        tally["something not synced"] += bool(post.unsynced)
        cut = _after_power_cut(practice.folder / f"cut-{tally['POSTs']}", post)
        tally["claim not on disk"] += cut.status != "sending"
        tally["covers not on disk"] += cut.covers != named[post.reference]
        tally["damaged"] += not cut.is_whole
    tally["POSTs missed"] = abs(len(fakes.journal) - tally["POSTs"])
    tally["canaries"] = len(practice.leaks(ran))
    return tally


@dataclass(frozen=True, slots=True)
class Cut:
    """What a power cut leaves of a notification whose request has left: its status, and how much it covers."""

    status: str | None
    covers: int
    is_whole: bool


def _after_power_cut(folder: Path, post: Post) -> Cut:
    folder.mkdir()
    for name, content in post.files.items():
        (folder / name).write_bytes(content)
    database = folder / "smsreminders.db"
    rows = rows_of(
        database,
        "select n.status, count(c.appointment_id) from notifications n"  # noqa: S608  # our own reference
        f" left join covers c on c.notification_id = n.id where n.reference = '{post.reference}' group by n.id",
    )
    status, covers = rows[0] if rows else (None, 0)
    return Cut(status, covers, rows_of(database, "pragma integrity_check") == [("ok",)])


def _lowered(practice: Practice, level: str | None) -> dict[str, str]:
    if level is None:
        return {}
    lowering = practice.folder / "lowering"
    lowering.mkdir()
    (lowering / "sitecustomize.py").write_text(_LOWERED.format(level=level), encoding="utf-8")
    return {"PYTHONPATH": f"{lowering}:{ROOT}"}


def main() -> int:
    """Check, with controls, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.order_on_disk", description=__doc__)
    parser.add_argument("--patients", type=int, default=12, help="of each of two practices")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="order-on-disk-") as name:
        template = prepare(Path(name) / "template", patients=options.patients)
        alone = checked(template, "one", connections=1, codes=["linde"])
        together = checked(template, "eight", connections=8)
        controls = {
            level: checked(template, level, connections=1, codes=["linde"], level=level) for level in ("full", "off")
        }
    tally: dict[str, object] = {f"{name}, one connection": count for name, count in alone.items()}
    # two accounts: a POST may leave while the results of others are written, which harms no claim
    tally |= {f"{name}, two accounts": count for name, count in together.items()}
    broken = [name for name in tally if not name.startswith(("POSTs,", "something not synced, two"))]
    for level, control in controls.items():
        tally[f"control, synchronous={level}: claim not on disk"] = f"{control['claim not on disk']}/{control['POSTs']}"
        tally[f"control, synchronous={level}: not found"] = int(control["claim not on disk"] == 0)
        broken.append(f"control, synchronous={level}: not found")
    return figures(tally, broken=broken)


if __name__ == "__main__":
    raise SystemExit(main())
