"""Synonyms: what Dutch and English programs call the columns of an agenda or a list of patients.

Of a field's synonyms the first that a file has counts; a `+` joins columns. Status and consent have none that an
import goes by, for a column that is taken for one of these by mistake texts the wrong people: a person names them.
`PROPOSED` are names that only a trial goes by, which shows what it takes them for.
"""

from collections.abc import Mapping, Sequence

from smsreminders.importers.records import Kind

_PATIENT_ID = (
    "patientnummer patientnr patientennummer patientid patientcode patnr patid clientnummer clientnr clientid "
    "clientcode patientnumber clientnumber mrn"
)
_NAME = (
    "voornaam+tussenvoegsel+achternaam voornaam+tussenvoegsels+achternaam voornaam+voorvoegsel+achternaam "
    "voornaam+voorvoegsels+achternaam roepnaam+tussenvoegsel+achternaam roepnaam+voorvoegsel+achternaam "
    "voorletters+tussenvoegsel+achternaam voorletters+tussenvoegsels+achternaam voorletters+voorvoegsel+achternaam "
    "voorletters+voorvoegsels+achternaam voornaam+achternaam roepnaam+achternaam voorletters+achternaam "
    "firstname+lastname givenname+familyname patientnaam naampatient clientnaam naamclient volledigenaam patientname "
    "clientname fullname naam"
)
_PHONE = (
    "mobiel mobielnummer mobielnr mobieletelefoon mobieltelefoonnummer telefoonmobiel telmobiel gsm gsmnummer 06nummer "
    "mobielenummer telefoonnummermobiel mobieltelefoon mobieltelefoonnr gsmnr "
    "mobile mobilephone mobilenumber cellphone telefoonnummer telefoon telefoonnr telnr tel phonenumber telephone"
)
_LANGUAGE = "taal voertaal taalcode languagecode"
_OF_A_PATIENT = {"patient_id": _PATIENT_ID, "phone": _PHONE, "language": _LANGUAGE}
_WORDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.PATIENTS: {**_OF_A_PATIENT, "name": _NAME},
    Kind.APPOINTMENTS: {
        **_OF_A_PATIENT,
        "appointment_id": (
            "afspraaknummer afspraaknr afspraakid afspraakcode appointmentnumber appointmentnr appointmentid"
        ),
        "start": (
            "datum+tijd datum+starttijd datum+begintijd datum+aanvangstijd datum+aanvang datum+begin datum+start "
            "datum+van afspraakdatum+afspraaktijd afspraakdatum+tijd afspraakdatum+starttijd afspraakdatum+begintijd "
            "startdatum+starttijd begindatum+begintijd date+time date+starttime startdate+starttime "
            "appointmentdate+appointmenttime datumtijd datumentijd startdatumtijd begindatumtijd starttijdstip "
            "begintijdstip startdatetime datetime startsat"
        ),
        "end": (
            "datum+eindtijd datum+einde datum+eind datum+tot afspraakdatum+eindtijd einddatum+eindtijd date+endtime "
            "enddate+endtime einddatumtijd eindtijdstip enddatetime endsat"
        ),
        "patient_name": _NAME,
        "location": "locatie vestiging praktijklocatie locatienaam vestigingsnaam",
        "practitioner": "behandelaar therapeut zorgverlener hulpverlener medewerker agenda provider",
        "type": "afspraaksoort afspraaktype soortafspraak typeafspraak consultsoort consulttype appointmenttype soort",
    },
    Kind.CONSENTS: {"patient_id": _PATIENT_ID},
}
_CONSENT = (  # those of SMS first
    "akkoordsms smsakkoord toestemmingsms smstoestemming smsherinnering smsherinneringen herinneringpersms "
    "herinneringsms smsok magsms smsoptin consentsms smsconsent akkoordherinnering toestemmingherinnering "
    "toestemmingherinneringen akkoordnotificaties toestemmingnotificaties akkoordberichten toestemmingberichten "
    "akkoord toestemming optin consentgiven"
)
_PROPOSED: Mapping[Kind, Mapping[str, str]] = {
    Kind.PATIENTS: {
        "patient_id": "id nr nummer code patient client klantnummer klantnr relatienummer dossiernummer dossiernr",
        "name": "patient client klant",
        "phone": "mob mobtel telefoon1 tel1 telefoonnummer1 telefoonprive",
        "consent": _CONSENT,
    },
    Kind.APPOINTMENTS: {
        "appointment_id": "id nr nummer code afspraak appointment reserveringsnummer boekingsnummer uid volgnummer",
        "patient_id": "patient client klantnummer klantnr relatienummer patientno clientno dossiernummer dossiernr",
        "start": "datum date afspraak appointment begin aanvang appointmentday appointmentdate afspraakdatum "
        "starttime starttijd begintijd tijdstip begindatumentijd startdatumentijd begindatum startdatum startdate "
        "datumafspraak datumentijdafspraak afspraakdatumtijd afspraakdatumentijd",
        "end": "endtime eindtijd einde eind einddatumentijd einddatum enddate",
        "status": (
            "afspraakstatus statusafspraak statusvanafspraak statusvandeafspraak afspraakstand toestand statusnaam "
            "statusomschrijving appointmentstatus bookingstatus state"
        ),
        "patient_name": "patient client klant name",
        "phone": "mob mobtel telefoon1 tel1 telefoonnummer1 telefoonprive",
        "practitioner": "arts tandarts huisarts fysiotherapeut fysio logopedist dietist psycholoog specialist "
        "mondhygienist dokter doctor therapist",
        "location": "lokatie adres kamer ruimte spreekkamer plaats filiaal room site",
        "type": "afspraaktypenaam behandeling consult verrichting service afspraakreden",
        "consent": _CONSENT,
    },
    Kind.CONSENTS: {
        "patient_id": "id nr nummer code patient client klantnummer klantnr relatienummer dossiernummer dossiernr",
        "consent": _CONSENT,
        "at": "datum+tijd datumtijd op datum date gegevenop vastgelegdop",
        "by": "door vastgelegddoor medewerker",
    },
}


def _split(words: Mapping[Kind, Mapping[str, str]]) -> Mapping[Kind, Mapping[str, Sequence[Sequence[str]]]]:
    return {
        kind: {field: [word.split("+") for word in of_field.split()] for field, of_field in of_kind.items()}
        for kind, of_kind in words.items()
    }


SYNONYMS = _split(_WORDS)
PROPOSED = _split(_PROPOSED)
