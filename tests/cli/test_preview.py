"""`preview`: the text as patients get it, its segments and cost, and which character costs more."""

from tests.cli.running import Program


def test_the_text_of_a_patient_comes_with_encoding_segments_and_cost(agenda: Program) -> None:
    previews = agenda("preview --patient 1002 --json").json
    assert previews == {
        "patients": 1,
        "longer": [],
        "characters": {},
        "empty": {},
        "year": {"texts": 0, "segments": 0, "cost": "0.00", "currency": "EUR"},
        "plain_letters_save_a_month": "0.00",
        "judged": [],
        "texts": [
            {
                "practice": "linde",
                "patient": "1002",
                "text": "Dear P. Canaria, you have an appointment at Tandarts Linde on Wednesday 25 November at 10:40. "
                "Can't you come? Please tell us in time.",
                "encoding": "GSM-7",
                "units": 133,
                "segments": 1,
                "cost": "0.10",
                "currency": "EUR",
                "characters": [],
                "empty": [],
            }
        ],
    }


def test_over_all_patients_it_counts_the_longer_ones_and_names_the_character(agenda: Program) -> None:
    agenda.does("patient edit 1003 --name 'Zoë Canaria ☎'")
    assert agenda("preview").lines[-4:] == [
        "1 of 8 texts take more than one segment.",
        "  ë (U+00EB) makes 1 of them UCS-2",
        "  ☎ (U+260E) makes 1 of them UCS-2",
        "  linde 1003: 2 segments",
    ]
    previews = agenda("preview --json").json
    assert previews["longer"] == [{"practice": "linde", "patient": "1003"}]
    assert previews["characters"] == {"ë": 1, "☎": 1}
    assert agenda("preview --patient 1003").lines[-1] == "characters  ë, ☎"


def test_a_placeholder_that_leaves_a_hole_is_told(agenda: Program) -> None:
    agenda.configure('[messages.appointment-reminder]\nnl = "Tot {time}, {location}."\n')
    assert "  {location} is empty in " in agenda("preview").out


def test_without_patients_it_shows_an_example(linde: Program) -> None:
    [preview] = linde("preview --json").json["texts"]
    assert preview["text"] == (
        "Beste J. de Vries, u heeft woensdag 25 november om 10:30 een afspraak bij Tandarts Linde. "
        "Verhinderd? Laat het ons op tijd weten."
    )


def test_each_practice_has_its_own_rate(two: Program) -> None:
    two.does("rate add 0.08 --from 2026-11-01 --practice eik")
    assert [(text["practice"], text["cost"]) for text in two("preview --json").json["texts"]] == [
        ("eik", "0.08"),
        ("linde", "0.10"),
    ]
    assert [text["practice"] for text in two("preview --practice linde --json").json["texts"]] == ["linde"]


def test_a_patient_of_one_of_several_practices_is_found(two: Program) -> None:
    two.does("patient add 1001 --practice linde --name Canaria")
    assert [text["practice"] for text in two("preview --patient 1001 --json").json["texts"]] == ["linde"]


def test_an_unknown_patient_is_a_usage_error(agenda: Program) -> None:
    ended = agenda("preview --patient 7")
    assert ended.code == 2
    assert ended.said == ['smsreminders: there is no patient "7"; `smsreminders patient list` shows them']


def test_a_text_that_wants_what_the_practice_lacks_needs_the_administrator(linde: Program) -> None:
    linde.configure('[messages.appointment-reminder]\nnl = "Bel {phone}"\n')
    ended = linde("preview")
    assert ended.code == 78
    assert ended.err == (
        "smsreminders: the text has {phone}, but practice linde has none: run `smsreminders practice edit linde "
        "--phone NUMBER`\n"
    )
