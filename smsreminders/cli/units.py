"""The units of systemd for an installation: a service and a timer for each thing that recurs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TEMPLATES = Path(__file__).parents[1] / "deploy"
# a shell's words, for what has the folder or the date in its name: $1 is the program, $2 the folder of the database
_CLOSE = 'exec "$1" --quiet report --close --format csv --output "$2/smsreminders-$(date -d "last month" +%Y-%m).csv"'
_PAGE = 'exec "$1" --quiet page --output "$2/smsreminders.html"'
_COPY = (
    '"$1" --quiet backup "$2/smsreminders-$(date +%F).db"'
    ' && exec find "$2" -maxdepth 1 -name "smsreminders-20[0-9][0-9]-[01][0-9]-[0-3][0-9].db*" -mtime +14 -delete'
)


@dataclass(frozen=True, slots=True)
class Recurring:
    """What is run again and again: the words of the command, or those of a shell, and when (OnCalendar=, local)."""

    name: str
    what: str
    times: Sequence[str]
    words: Sequence[str] = ()
    shell: str = ""


RECURRING = (
    Recurring("import", "what the exports of the night brought", ("06..08:10",), ("import", "--all")),
    Recurring("dispatch", "the round, until it is done", ("09:00", "09..19:30"), ("dispatch", "--if-missed")),
    Recurring("poll", "what patients answered and what became of the texts", ("*:05/10",), ("poll",)),
    Recurring("check", "does anything need a person", ("10:15", "15:15"), ("check",)),
    Recurring("page", "the page that the desk looks at", ("08..18:00/15",), shell=_PAGE),
    Recurring("close", "close last month and write its bill", ("*-*-05..09 06:15",), shell=_CLOSE),
    Recurring("purge", "what is kept long enough goes", ("Sun 02:20",), ("purge", "--yes")),
    Recurring("verify", "is the access log whole", ("Sun 02:25",), ("log", "verify")),
    Recurring("backup", "a copy of the database, kept for two weeks", ("01:45",), shell=_COPY),
)


@dataclass(frozen=True, slots=True)
class Place:
    """An installation as its units need it.

    `credentials` are the names of the secrets that systemd hands over, each with the file that holds it; `writable` are
    the folders that a run may write to besides the database's.
    """

    name: str
    program: Path
    user: str
    database: Path
    zone: str
    environment: Mapping[str, str]
    credentials: Mapping[str, Path]
    writable: Sequence[Path]


def units(place: Place) -> dict[str, str]:
    """Write the files of all units, by their names."""
    files = {}
    for recurring in RECURRING:
        name = f"{place.name}-{recurring.name}"
        common = {"NAME": name, "WHAT": _literal(recurring.what)}
        files[f"{name}.service"] = _filled("smsreminders.service", common | _service(place, recurring))
        times = "\n".join(f"OnCalendar={moment} {place.zone}" for moment in recurring.times)
        files[f"{name}.timer"] = _filled("smsreminders.timer", common | {"TIMES": times})
    return files


def _service(place: Place, recurring: Recurring) -> dict[str, str]:
    folder = place.database.parent
    command = [str(place.program), "--quiet", *recurring.words]
    if recurring.shell:
        command = ["/bin/sh", "-c", recurring.shell, "sh", str(place.program), str(folder)]
    writable = dict.fromkeys([str(folder), *(f"-{other}" for other in place.writable)])
    return {
        "USER": _literal(place.user),
        "COMMAND": " ".join(_quoted(word).replace("$", "$$") for word in command),
        "ENVIRONMENT": " ".join(_quoted(f"{key}={value}") for key, value in place.environment.items()),
        "CREDENTIALS": "\n".join(
            f"LoadCredential={name}:{_literal(str(file))}" for name, file in place.credentials.items()
        ),
        "WRITABLE": " ".join(map(_quoted, writable)),
    }


def _filled(template: str, values: Mapping[str, str]) -> str:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@\n" if not value else f"@{key}@", value)
    return text


def _quoted(word: str) -> str:
    """Write a word of a list as systemd reads it (systemd.syntax(7), "Quoting")."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return _literal(f'"{escaped}"' if escaped != word or any(c in " '\t;" for c in word) else word)


def _literal(value: str) -> str:
    """Write a text in which nothing is a specifier (systemd.unit(5), "Specifiers")."""
    return value.replace("%", "%%")
