"""What a FHIR file has beside its appointments: the patients, and the names of places and practitioners."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from smsreminders.importers.records import Layout, PatientRecord
from smsreminders.importers.resources.elements import Element
from smsreminders.importers.resources.entries import Entry
from smsreminders.importers.resources.patient import identifier, person_name, read_patient

_REFERENCE = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+/[^/#?]+)(?:/_history/[^/]*)?", re.DOTALL)
_NAMED = {"Location", "Practitioner"}


def local_name(reference: str) -> str:
    """Reduce a reference to type and id: Patient/1 of https://example.org/fhir/Patient/1/_history/2."""
    written = _REFERENCE.fullmatch(reference)
    return written[1] if written else reference


@dataclass(slots=True)
class Known:
    """The patients of a file and the names of its places and practitioners, by their names in references."""

    patients: dict[str, PatientRecord] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)  # the type and what it is called

    def add(self, entry: Entry, layout: Layout) -> None:
        """Keep a resource that appointments may refer to, under its id and under its address in the Bundle."""
        resource = entry.resource
        kind = resource.text("resourceType")
        references = (f"{kind}/{resource.text('id')}", local_name(entry.full_url))
        if kind == "Patient":
            patient = read_patient("", resource, layout)
            if isinstance(patient, PatientRecord):
                self.patients |= dict.fromkeys(filter(None, references), patient)
        if kind in _NAMED:
            self.names |= dict.fromkeys(
                filter(None, references), (kind, resource.text("name") or person_name(resource))
            )

    def patient_participants(self, appointment: Element) -> list[Element]:
        """List the participants that are patients; if none surely is, those of whom nobody can tell."""
        types = [(participant, self._type(participant, appointment)) for participant in appointment.each("participant")]
        patients = [participant for participant, kind in types if kind == "Patient"]
        return patients or [participant for participant, kind in types if kind is None]

    def patient_of(self, participant: Element, appointment: Element, layout: Layout) -> PatientRecord:
        """Take what the file has of a patient; without their resource it is the id alone, empty where there is none."""
        actor = participant.at("actor")
        reference = actor.text("reference")
        if inner := _contained(reference, appointment):
            patient = read_patient("", inner.without("id"), layout)  # which is one of this appointment only
            return patient if isinstance(patient, PatientRecord) else PatientRecord("", "")
        name = local_name(reference)
        if name in self.patients:
            return self.patients[name]
        source_id = name.removeprefix("Patient/") if name.startswith("Patient/") else ""
        return PatientRecord("", source_id or identifier(actor))

    def names_of(self, appointment: Element, types: Collection[str]) -> Iterator[str]:
        """Find what the participants of these types are called; those that have no name are left out."""
        for participant in appointment.each("participant"):
            if self._type(participant, appointment) in types:
                actor = participant.at("actor")
                reference = actor.text("reference")
                inner = _contained(reference, appointment)
                known = self.names.get(local_name(reference), ("", ""))[1]
                if name := actor.text("display") or (inner.text("name") or person_name(inner) if inner else known):
                    yield name

    def _type(self, participant: Element, appointment: Element) -> str | None:
        """Tell of which type a participant is; empty where it is nothing that we look for, None if nobody can tell."""
        actor = participant.at("actor")
        reference = actor.text("reference")
        if inner := _contained(reference, appointment):
            return inner.text("resourceType")
        name = local_name(reference)
        if name in self.patients:
            return "Patient"
        kind = self.names.get(name, ("", ""))[0] or actor.text("type") or (name.split("/")[0] if "/" in name else "")
        if kind:
            return kind
        return None if reference or actor.at("identifier").value else ""


def _contained(reference: str, appointment: Element) -> Element | None:
    """Find the resource inside the appointment that a reference such as #p1 means."""
    if not reference.startswith("#"):
        return None
    return next((inner for inner in appointment.each("contained") if inner.text("id") == reference[1:]), None)
