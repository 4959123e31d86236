"""How rubbish is made: values, command lines, files, configurations and databases, drawn by a seed."""

import gzip
from functools import cache
from random import Random
from typing import Any

from smsreminders.cli.app import app

# what may be found nowhere that doesn't show patients: names, numbers and a part of each text
CANARIES = ("zilvervink", "18273645", "18273646", "kanariekamer")
PATIENTS = """\
patient_id,name,phone,language,consent
P1,Zilvervink,06-18273645,nl,ja
P2,Mevrouw J. Zilvervink-Groen,+31618273646,,ja
P3,O. Zilvervink,06-18273645,,nee
P4,Zoë Zilvervink,020-5550123,,ja
"""
AGENDA = """\
appointment_id,patient_id,start,end,status,location,practitioner
A1,P1,2026-11-24 10:30,2026-11-24 10:40,booked,Kanariekamer,dr. Prins
A2,P2,2026-11-25 10:40,,,Kanariekamer,
A3,P3,2026-11-25 10:50,,cancelled,,
A4,P4,2026-11-25 11:00,,,,
A5,P1,2026-11-25 11:10,,,Kanariekamer,
A6,P1,2026-11-25 13:40,,,Kanariekamer,
"""
OF_ITS_OWN = """
[practices.linde]
remind = ["3wd", "1wd"]
combine = "phone"
except_types = ["Psychologie"]
gateway = "noord"
[gateways.noord]
name = "sandbox"
"""
CONSENTS = """\
patient_id,consent,at,how,by,wording
P1,ja,2026-11-20 10:30,desk,anna,v1
P2,nee,,phone,,
P3,ja,2026-11-21T10:30:00+01:00,,,
"""
GOOD = {"patients": PATIENTS, "appointments": AGENDA, "consents": CONSENTS}

_TIMES = (
    *("2026-11-24T09:00:00+01:00", "2026-11-24T22:00:00+01:00", "2026-11-24 10:30", "2026-11-24", "24-11-2026 10:30"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59+00:00", "1900-01-01T00:00Z"),
    *("0001-01-01 00:00", "9999-12-31 23:59", "9999-12-31", "0001-01-01", "2026-02-30 10:00", "2026-11-24T24:00"),
    *("2027-03-28 02:30", "2026-10-25 02:30", "2026-W48-2", "20261124T1030", "2026-11-24T10:30:00.999999999+01:00"),
    *("2026-11-24T10:30+99:99", "1e9", "0", "-1", "now", "tomorrow", "２０２６-11-24 10:30", "2026‑11‑24", "26-1-1"),
    *("0999-06-01T10:00:00+01:00", "1582-10-10 10:00", "1937-05-19 10:00", "2100-01-01T09:00:00+01:00", "2026-11-24Z"),
)
_VALUES = (
    *("", " ", "-", "--", "---", "-1", "-99999999999999999999", "0", "1", "1e309", "nan", "inf", "0x10", "١٢٣"),
    *("a" * 300, "a" * 5000, "é" * 200, "é", "e\u0301", "\u202egnp", "\u200b", "\ufeffx", "😀" * 50, "\x1b[2J", "\x07"),
    *("a\nb", "a\tb", "a\rb", "\u2028", "[bold]x[/]", "{0}", "{patient}", "%s%n", "$(id)", "`id`", "'; drop table--"),
    *("P1", "A1", "linde", "Notificaties", "sms", "appointment-reminder", "desk", "1", "2026-11", "2026-13", "0000-00"),
    *("0.10", "0,10", "-0.10", "1e2", "999999.9999", "0.00001", "nl", "xx", "NL", "zz_ZZ", "csv", "json", "table"),
    *("+31612345678", "06-12345678", "06 1234 5678 / 06 8765 4321", "tel:112", "0900-1234", "sent", "not-sent"),
    *("in.csv", "agenda.csv", "nowhere.csv", ".", "..csv", "a/b/c", "new.db", "2026-11-24..2026-12-31", "start=start"),
    *(
        "Goede vrijdag",
        "goede Vrijdag",
        "Pasen",
        "=1+1",
        "@x",
        "true",
        "None",
        "null",
        "\ud7ff",
        "\U0010ffff",
        "\ufffe",
    ),
)


def a_value(draw: Random, kind: str = "") -> str:
    """Anything that somebody may type; never the way to a file outside the folder."""
    if kind == "time" or draw.random() < 0.15:
        text = draw.choice(_TIMES)
        return text if draw.random() < 0.8 else _misspelt(draw, text)
    if draw.random() < 0.7:
        return draw.choice(_VALUES)
    ends = [(1, 128), (1, 0x3000), (0xE000, 0x110000)]
    text = "".join(chr(draw.randrange(*draw.choice(ends))) for _ in range(draw.randrange(1, 30)))
    return text.lstrip("/").replace("..", "")


def _misspelt(draw: Random, text: str) -> str:
    place = draw.randrange(len(text) + 1)
    return text[:place] + draw.choice(["", "0", "9", "-", ":", "x", "é", " "]) + text[place + draw.randrange(2) :]


@cache
def _commands() -> list[tuple[tuple[str, ...], list[Any]]]:
    """Every command with its parameters, as the program itself has them."""
    from typer.main import get_command

    def walk(command: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], list[Any]]]:  # noqa: ANN401
        if hasattr(command, "commands"):
            return [leaf for name, sub in command.commands.items() for leaf in walk(sub, (*path, name))]
        return [] if path == ("demo",) else [(path, command.params)]

    return walk(get_command(app), ())


def a_command(draw: Random) -> list[str]:
    """A command with values for its arguments and some of its options; sometimes one word more or less."""
    path, parameters = draw.choice(_commands())
    words: list[str] = []
    for parameter in parameters:
        is_argument = parameter.param_type_name == "argument"
        if not (is_argument or parameter.required) and draw.random() < 0.5:
            continue
        if not is_argument:
            words.append(draw.choice(parameter.opts))
            if parameter.is_flag:
                continue
        words.append(_value_for(draw, parameter.name))
    words = [*path, *words]
    if draw.random() < 0.1:
        words.insert(draw.randrange(len(words) + 1), a_value(draw))
    if draw.random() < 0.1:
        words.pop(draw.randrange(len(words)))
    before = ["--quiet"] if draw.random() < 0.1 else []
    if draw.random() < 0.05:
        before += ["--config", draw.choice([".", "nowhere.toml", "agenda.csv", a_value(draw)])]
    return [*before, *words]


_LIKELY = {
    "patient": "P1",
    "appointment": "A1",
    "code": "linde",
    "practice": "linde",
    "name": "Notificaties",
    "notification": "1",
    "files": "in.csv",
    "kind": "patients",
    "how": "desk",
    "status": "delivered",
    "word": "not-sent",
    "channel": "sms",
    "notification_type": "appointment-reminder",
    "service_type": "notifications",
    "output_format": "csv",
    "month": "2026-11",
    "amount": "0.09",
    "file": "copy.db",
    "phone": "06-12345678",
}
_TIMED = {"start", "end", "at", "first", "last", "valid_from", "closed_on", "open_on", "forget", "complete"}


def _value_for(draw: Random, name: str) -> str:
    if draw.random() < 0.3:
        return a_value(draw)
    if name in _TIMED:
        return a_value(draw, "time")
    return _LIKELY.get(name) or a_value(draw)


def a_file(draw: Random, kind: str) -> bytes:
    """A file for `import`: mostly a good one that something happened to."""
    text = GOOD[kind] if draw.random() < 0.9 else GOOD[draw.choice(list(GOOD))]
    match draw.randrange(12):
        case 0:
            return draw.randbytes(draw.choice([0, 1, 10, 1000, 20_000]))
        case 1:
            return draw.choice([b"", b"\n", b"\xef\xbb\xbf", b"\x00" * 100, b"," * 1000, b'"' * 999, b"\r" * 99])
        case 2:
            wide = ["utf-16", "utf-16-le", "utf-32", "cp1252", "cp437", "latin-1", "utf-7", "cp037", "utf-8-sig"]
            return text.encode(draw.choice(wide), "replace")
        case 3:
            return draw.choice([gzip.compress(text.encode()), b"PK\x03\x04" + draw.randbytes(90), b"%PDF-1.7\n"])
        case 4:
            huge = draw.choice(["x" * 100_000, '"' + "y\n" * 50_000, "é" * 131_073, "," * 20_000, "\n" * 5000])
            return _inserted(draw, text, huge).encode()
        case 5:
            return text.encode()[: draw.randrange(len(text))]
        case 6:
            rows = [f"X{number}{draw.choice([',', ';', '', ',,'])}{a_value(draw)}" for number in range(300)]
            return (text.splitlines()[0] + "\n" + "\n".join(rows)).encode("utf-8", "surrogatepass")
        case _:
            return _mutated(draw, text)


def _mutated(draw: Random, text: str) -> bytes:  # noqa: C901  # a way of spoiling a file a case
    for _ in range(draw.randint(1, 4)):
        lines = text.split("\n")
        match draw.randrange(9):
            case 0:
                text = _inserted(draw, text, a_value(draw))
            case 1:
                del lines[draw.randrange(len(lines))]
                text = "\n".join(lines)
            case 2:
                text = "\n".join([*lines, draw.choice(lines)])
            case 3:
                text = text.replace(",", draw.choice([";", "\t", "|", ",,", " ", '","']))
            case 4:
                text = text.replace("\n", draw.choice(["\r\n", "\r", "\n\n", "\x85", "\u2028"]))
            case 5:
                cells = lines[place := draw.randrange(len(lines))].split(",")
                draw.shuffle(cells)
                lines[place] = ",".join(cells)
                text = "\n".join(lines)
            case 6:
                cells = lines[place := draw.randrange(len(lines))].split(",")
                cells[draw.randrange(len(cells))] = a_value(draw, draw.choice(["", "time"]))
                lines[place] = ",".join(cells)
                text = "\n".join(lines)
            case 7:
                text = text.replace(draw.choice(["consent", "start", "phone", "ja", "P1", "booked"]), a_value(draw))
            case _:
                draw.shuffle(lines)
                text = "\n".join(lines)
    content = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(draw.choice([0, 0, 1, 5])):
        if content:
            content[draw.randrange(len(content))] = draw.randrange(256)
    return bytes(content)


def _inserted(draw: Random, text: str, more: str) -> str:
    place = draw.randrange(len(text) + 1)
    return text[:place] + more + text[place:]


_TOML = (
    *(
        '""',
        '"x"',
        "0",
        "-1",
        "1e400",
        "nan",
        "inf",
        "true",
        "[]",
        '["mon", 1]',
        '["3wd", "1wd"]',
        '["1wd", "1wd"]',
        '["0wd"]',
        '"phone"',
        '"noord"',
        "[[]]",
        "{}",
        "2026-11-24",
        "10:30:00",
    ),
    *("99999999999999999999", '"99999d"', '"0s"', '"-1h"', '"1000000s"', '"25:61"', '"00:00"', '["20:00", "08:00"]'),
    *('"Mars/Olympus"', '"../../etc/passwd"', '"\\u0000"', '"\\ud7ff"', '"XX"', '"zz"', '"http://127.0.0.1:1/x"'),
    *(
        '"spryng"',
        '"a\\nb"',
        '"{patient"',
        '"{patient!r}"',
        '"{}"',
        '"{patient:>9999999}"',
        '"   "',
        '["00:00","00:01"]',
    ),
    *(
        '"999999.9999"',
        '"0.00001"',
        '"１"',
        '["mon","mon"]',
        '["00:00+01:00","23:59"]',
        '"23:59:59.999999"',
        "'''x\n'''",
    ),
)


def a_configuration(draw: Random, good: bytes) -> bytes:
    """The configuration with other values, lines gone, or bytes that are none of it."""
    lines = good.decode().split("\n")
    match draw.randrange(6):
        case 0:
            content = bytearray(good)
            for _ in range(draw.randint(1, 6)):
                content[draw.randrange(len(content))] = draw.randrange(256)
            return bytes(content)
        case 1:
            return draw.choice([b"", b"\x00", b"\xff\xfe", draw.randbytes(300), b"[" * 5000, b"a=" + b"[" * 2000])
        case 2:
            for _ in range(draw.randint(1, 5)):
                del lines[draw.randrange(len(lines))]
        case 3:
            lines.insert(draw.randrange(len(lines)), f"{draw.choice(['x', 'datbase', 'gateway', '[x]', 'a.b'])} = 1")
        case _:
            keys = [place for place, line in enumerate(lines) if "=" in line and not line.startswith("#")]
            for place in draw.sample(keys, draw.randint(1, 3)):
                value = draw.choice(_TOML) if draw.random() < 0.9 else f'"{draw.choice(["é" * 99, "x" * 5000])}"'
                lines[place] = f"{lines[place].partition('=')[0]} = {value}"
    return "\n".join(lines).encode()


def damaged(draw: Random, good: bytes) -> bytes:
    """A database of which some bytes are others, pages are gone, or the end is missing."""
    content = bytearray(good)
    match draw.randrange(5):
        case 0:
            return bytes(content[: draw.choice([0, 10, 100, 1024, 4096, len(content) // 2, len(content) - 1])])
        case 1:
            page = 4096 * draw.randrange(max(1, len(content) // 4096))
            content[page : page + 4096] = draw.choice([bytes(4096), draw.randbytes(4096), content[:4096]])
        case _:
            for _ in range(draw.choice([1, 1, 3, 20, 200])):
                if content:
                    content[draw.randrange(len(content))] = draw.randrange(256)
    return bytes(content)
