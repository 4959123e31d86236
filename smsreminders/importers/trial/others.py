"""The trial of what is no table: a calendar with the pattern that finds its patients, FHIR, HL7 messages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from smsreminders.domain.agenda.patient_patterns import EXAMPLE, patients_in, read_patient_pattern
from smsreminders.errors import InputFileError
from smsreminders.importers.extras import require
from smsreminders.importers.records import Kind, Layout
from smsreminders.importers.trial.found import Finding, Found

_PATTERNS = (  # docs/import-ics.md has them; of those that find as many the first counts
    EXAMPLE,
    r"SUMMARY:.*#(?P<patient>\d+)",
    r"(?i:pati[eë]nt(?:nummer|nr)?|cli[eë]nt(?:nummer|nr)?|pat\.?nr)[.: #]+(?P<patient>\d+)",
    r"SUMMARY:.*\s(?P<patient>\d+)$",
    r"SUMMARY:(?P<patient>\d+)\b",
    r"ATTENDEE:mailto:p?(?P<patient>\d+)@",
)
_EVERYBODY = r"^UID:(?P<patient>.+)"  # to show the events of which nobody is known
_FHIR = (Kind.APPOINTMENTS, Kind.PATIENTS)


def try_other(path: Path, format_name: str, kind: Kind | None, layout: Layout) -> Iterator[Found]:
    """Find how a calendar, FHIR resources or HL7 messages are to be read, for each kind that is in the file.

    Raises InputFileError, UsageError, AdministratorNeeded.
    """
    if format_name == "ics":
        yield _calendar(path, layout)
    elif format_name == "hl7":
        yield Found(Kind.APPOINTMENTS, ["HL7 v2 messages, which tell changes"], layout=layout, changes_only=True)
    else:
        yield from _fhir(path, [kind] if kind else _FHIR, layout)


def _fhir(path: Path, kinds: Sequence[Kind], layout: Layout) -> Iterator[Found]:
    from smsreminders.importers.fhir import read

    refused, found = list[InputFileError](), False
    for kind in kinds:
        try:
            read(path, kind, layout)
        except InputFileError as error:
            refused.append(error)
        else:
            found = True
            yield Found(kind, ["FHIR as JSON"], layout=layout)
    if not found:
        raise refused[0]


def _calendar(path: Path, layout: Layout) -> Found:
    facts = ["calendar (iCalendar)"]
    if layout.patient_pattern:
        line = Finding("patient_pattern", layout.patient_pattern.pattern, "declared")
        return Found(Kind.APPOINTMENTS, facts, [line], layout=layout)
    events = list(_texts(path))
    found = [
        sum(any(patients_in(text, re.compile(pattern)) for text in texts) for texts in events) for pattern in _PATTERNS
    ]
    most = max(found)
    if not most:
        line = Finding("patient_pattern", EXAMPLE, 'if the id stands in brackets, as in "J. Jansen (1234)"', sure=False)
        ask = (
            "no event tells whose it is: write the patient's id into each, and where it stands as patient_pattern; the "
            "rows that are shown are all events"
        )
        tried = replace(layout, patient_pattern=read_patient_pattern(_EVERYBODY))
        return Found(Kind.APPOINTMENTS, facts, [line], asks=[ask], layout=tried, of_nobody=True)
    pattern = _PATTERNS[found.index(most)]
    tried = replace(layout, patient_pattern=read_patient_pattern(pattern))
    sure = most * 2 >= len(events)
    line = Finding("patient_pattern", pattern, f"finds an id in {most} of {len(events)} events", sure=sure)
    ask = f"an id was found in {most} of {len(events)} events only: is it the patient's? Then write patient_pattern so"
    return Found(Kind.APPOINTMENTS, facts, [line], asks=[] if sure else [ask], layout=tried)


def _texts(path: Path) -> Iterator[list[str]]:
    """Give the texts of each event in which a patient is looked for, each with its name before it."""
    from smsreminders.importers.calendars.events import texts_of
    from smsreminders.importers.calendars.lines import read_calendars
    from smsreminders.importers.ics import files_of

    require("icalendar", extra="ics", what="calendars")
    return (
        texts_of(event) for file in files_of(path) for calendar in read_calendars(file) for event in calendar.events
    )
