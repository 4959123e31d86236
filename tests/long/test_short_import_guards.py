"""Some nights of two practices over the change to summer time and Easter: every wrong file is refused, no right one."""

from datetime import date

from tests.long.import_guards import PROMISED, run


def test_the_guards_refuse_every_wrong_file_and_no_right_one() -> None:
    figures = run(seed=1, practices=2, nights=14, sizes=(1, 2), first=date(2027, 3, 22))
    assert ({name: figures.missed[name] for name in PROMISED}, figures.most_false) == (dict.fromkeys(PROMISED, 0), 0)
    assert figures.kept
