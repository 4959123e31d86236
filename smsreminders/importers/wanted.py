"""Wanted columns: the fields that each kind of rows has, and by which names a file may have them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smsreminders.errors import UsageError, did_you_mean
from smsreminders.importers.records import Kind, Layout
from smsreminders.importers.synonyms import SYNONYMS

FIELDS = {
    Kind.PATIENTS: ("patient_id", "name", "phone", "language", "consent"),
    Kind.APPOINTMENTS: (
        *("appointment_id", "patient_id", "start", "end", "status", "location", "practitioner", "type"),
        *("patient_name", "phone", "language", "consent"),
    ),
    Kind.CONSENTS: ("patient_id", "consent", "at", "how", "by", "wording"),
}
ID_FIELD = {Kind.PATIENTS: "patient_id", Kind.APPOINTMENTS: "appointment_id", Kind.CONSENTS: "patient_id"}
REQUIRED = {
    Kind.PATIENTS: ("patient_id",),
    Kind.APPOINTMENTS: ("appointment_id", "patient_id", "start"),
    Kind.CONSENTS: ("patient_id", "consent"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The fields that are looked for in a header, each with the names that its column may have: the first counts.

    A field that is mapped has one name. `synonyms` are looked for where a file has none of the names, each as the
    columns that it joins, in small letters without accents, blanks and signs. `advice` ends the error about a required
    field that isn't there.
    """

    names: Mapping[str, Sequence[str]]
    required: Sequence[str] = ()
    synonyms: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    advice: str = ""


def wanted_columns(kind: Kind, layout: Layout) -> Wanted:
    """List for each field of a kind the names that its column may have.

    That is the mapped one alone, else the usual one (an empty one is none), then our own, then the synonyms.
    Raises UsageError: a field that there isn't.
    """
    for name in layout.columns:
        if name not in FIELDS[kind]:
            raise UsageError(f'{kind} have no field "{name}" to map: {did_you_mean(name, FIELDS[kind])}')
    everywhere = set().union(*FIELDS.values())
    for name in layout.usual:
        if name not in everywhere:
            raise UsageError(f'[import.columns]: there is no field "{name}": {did_you_mean(name, everywhere)}')
    own: dict[str, Sequence[str]] = {name: (name,) for name in FIELDS[kind]}
    both: dict[str, Sequence[str]] = {
        name: (layout.usual[name], name) for name in FIELDS[kind] if layout.usual.get(name, "").strip()
    }
    mapped: dict[str, Sequence[str]] = {name: (column,) for name, column in layout.columns.items()}
    by_person = {*mapped, "end"} if "start" in mapped else {*mapped}  # who names the start knows of the end too
    synonyms = {name: words for name, words in SYNONYMS[kind].items() if name not in by_person}
    required = [name for name in REQUIRED[kind] if not (name == ID_FIELD[kind] and layout.id_of_start)]
    return Wanted(own | both | mapped, required, synonyms, "; `smsreminders import --try` finds out how")
