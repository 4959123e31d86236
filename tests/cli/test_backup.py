"""`backup`: a whole copy for its owner only, never over something."""

from tests.cli.running import Program


def test_the_copy_is_whole_and_for_its_owner_only(agenda: Program) -> None:
    ended = agenda("backup copy.db")
    assert (ended.code, ended.out, ended.said) == (0, "", ["Copied to copy.db."])
    copy = agenda.home / "copy.db"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert (
        agenda("appointment list --json", SMSREMINDERS_DATABASE=str(copy)).json
        == agenda("appointment list --json").json
    )


def test_nothing_is_overwritten(agenda: Program) -> None:
    ended = agenda("backup agenda.csv")
    assert ended.code == 2
    assert ended.said == ["smsreminders: agenda.csv exists already: nothing was changed"]


def test_a_place_where_nothing_can_be_made_needs_the_administrator(agenda: Program) -> None:
    ended = agenda("backup nowhere/copy.db")
    assert (ended.code, ended.out) == (78, "")
    assert ended.said[-1].endswith("No such file or directory")
