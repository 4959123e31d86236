"""Workbook: prints the cells of a spreadsheet on stdin, a row a line; run by xlsx.py as a process of its own.

A spreadsheet can be a bomb (a kilobyte that unpacks to gigabytes, one cell at the far corner of a sheet), at which its
library takes the process with it. So this file sets bounds of memory and time to itself, and imports nothing of ours.
Each line is JSON: `[sheet, row, cells]`, the cells as texts; at the end the reason why it can't be read, empty if all
was.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

_MEMORY = 1 << 30  # bytes; 100,000 rows of ten cells take an eighth of it
_SECONDS = 60  # of the processor
_EXACT = 10**15  # Excel keeps fifteen digits of a number


def rows_of(spreadsheet: object) -> Iterator[tuple[str, int, list[str]]]:
    """Give each row that isn't empty of the sheets that are not hidden: the sheet, the row's number, its cells."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(spreadsheet)  # type: ignore[arg-type]
    for sheet in book.sheets_metadata:
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
            cells = book.get_sheet_by_name(sheet.name)
            first = cells.start[0] if cells.start else 0
            for number, row in enumerate(cells.iter_rows(), first + 1):
                texts = list(map(text_of, row))
                if any(texts):
                    yield sheet.name, number, texts


def text_of(cell: object) -> str:
    """Write a cell as a text: dates and times as ISO 8601, a date without its time of day where that is midnight.

    A number is written without an exponent or a `.0`; with an exponent where the spreadsheet itself lost digits of it.
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        moment = _to_the_second(cell)
        return str(moment.date()) if moment.time() == time() else _short(moment.isoformat(" "))
    if isinstance(cell, timedelta) and timedelta() <= cell < timedelta(days=1):
        cell = (datetime(1, 1, 1) + cell).time()  # noqa: DTZ001 - a time of day, whatever the zone
    if isinstance(cell, time):
        return _short(_to_the_second(datetime.combine(date(2000, 1, 1), cell)).time().isoformat())
    if isinstance(cell, int | float) and cell == cell // 1:
        return str(int(cell)) if abs(cell) < _EXACT else f"{cell:.14E}"
    return str(cell)


def _to_the_second(moment: datetime) -> datetime:
    """Round a moment to the second: 10:30 as a fraction of a day may come out as 10:29:59.999997."""
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


def _short(iso: str) -> str:
    return iso.removesuffix(":00") if iso.count(":") == 2 else iso


def _print_rows() -> str:
    """Print the rows; returns why that can't be done, empty if it was."""
    from python_calamine import CalamineError, PasswordError

    try:
        for row in rows_of(sys.stdin.buffer):
            print(json.dumps(row))  # noqa: T201 - what this process is for
    except PasswordError:
        return "it is protected with a password: save it without one"
    except CalamineError as error:
        return f"it is no spreadsheet, or a damaged one ({type(error).__name__}): save it again"
    return ""


if __name__ == "__main__":
    for _limit, _most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(_limit, (_most, _most))
    print(json.dumps(_print_rows()))  # noqa: T201
