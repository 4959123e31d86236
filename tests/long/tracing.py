"""strace as an instrument: count a program's system calls, and inject a signal or an error at one of them."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

_CALL = re.compile(r"(\d+) +(\w+)\(")


def why_no_strace() -> str | None:
    """Why strace can't be used here; None where it can."""
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed"
    tried = subprocess.run([strace, "-f", "-qq", "-o", "/dev/null", "true"], check=False, capture_output=True)
    return "strace may not trace here (ptrace)" if tried.returncode else None


def counted(calls: Iterable[str], trace: Path) -> list[str]:
    """What goes before a command whose calls are to be counted: see `counts`."""
    return ["strace", "-f", "-qq", "-o", str(trace), "-e", f"trace={','.join(calls)}", "-e", "signal=none"]


def counts(trace: Path) -> Counter[str]:
    """How often the thread that did it most made each call: strace counts its `when` by thread."""
    tally: Counter[tuple[str, str]] = Counter()
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        if call := _CALL.match(line):
            tally[call[2], call[1]] += 1
    most: Counter[str] = Counter()
    for (name, _), count in tally.items():
        most[name] = max(most[name], count)
    return most


def injected(call: str, what: str, when: int | str) -> list[str]:
    """What goes before a command so that `what` (signal=SIGKILL, error=ENOSPC) happens at the n-th of these calls.

    `when` may also be "7+": from the seventh on. The threads count for themselves. Never with --seccomp-bpf: strace
    6.1 then injects no signals, and says nothing.
    """
    traced = ["-e", f"trace={call}", "-e", "signal=none", "-e", f"inject={call}:{what}:when={when}"]
    return ["strace", "-f", "-qq", "-o", "/dev/null", *traced]
