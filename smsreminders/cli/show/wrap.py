"""Talk on a terminal, broken at words where a line would be wider; elsewhere a line stays a line."""

import re
import shutil
from typing import TextIO

# a command stays whole, so that it can be copied: one in backquotes, and one that goes on to the end of its line
_WORD = re.compile(r"\s*(?:[^\s`]*`[^`]*`\S*|smsreminders .*|\S+)")


def wrapped(text: str, stream: TextIO, *, hanging: int = 0) -> str:
    """Break the lines of a text at words where they are wider than the terminal that the stream is, if it is one.

    What follows the first break of a line is indented as the line was, and by `hanging` more.
    """
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(_broken(line, width, hanging) for line in text.split("\n"))


def _broken(line: str, width: int, hanging: int) -> str:
    indent = line[: len(line) - len(line.lstrip())] + " " * hanging
    lines = [""]
    for word in _WORD.findall(line):
        if lines[-1] and len(lines[-1] + word) > width:
            lines.append(indent + word.lstrip())
        else:
            lines[-1] += word
    return "\n".join(lines)
