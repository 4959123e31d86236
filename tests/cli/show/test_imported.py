"""What a person hears of a complete file: what is missing, what was cancelled, or why it could not be complete."""

from smsreminders.cli.show.imported import result_lines
from smsreminders.jobs.agenda.import_files import ImportResult


def test_what_a_complete_file_lacks_is_named_with_what_becomes_of_it() -> None:
    missing, gone = result_lines("agenda.csv", ImportResult(missing=["A2", "A3"], gone=["A4"]))
    assert missing == (
        "Note: agenda.csv is complete and lacks these, so nobody is texted of them, and the next night's file without "
        "them cancels them: A2, A3; if one stands, run `smsreminders appointment confirm ID`."
    )
    assert gone == "Note: agenda.csv is complete and lacks these, which were cancelled: A4."


def test_a_file_that_could_not_be_complete_is_told_with_its_reason() -> None:
    (said,) = result_lines("agenda.csv", ImportResult(incomplete="agenda.csv can't be taken as complete: it is a part"))
    assert said == (
        "Note: agenda.csv can't be taken as complete: it is a part: nothing that it lacks is missing or cancelled."
    )
