"""`init`: a configuration and a database, for their owner only, and never over something."""

from pathlib import Path

import pytest

from tests.cli.running import Ended, Program, Terminal

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def mode(path: Path) -> str:
    return f"{path.stat().st_mode & 0o777:o}"


def test_it_makes_the_example_configuration_and_a_database_for_their_owner_only(program: Program) -> None:
    ended = program("init --practice 'Tandartspraktijk De Linde'")
    assert (ended.code, ended.out) == (0, "")
    assert program.config.read_bytes() == EXAMPLE.read_bytes()
    assert [mode(path) for path in (program.config.parent, program.config, program.database)] == ["700", "600", "600"]
    assert ended.said == [
        f"Made {program.config} and {program.database}.",
        "Added practice linde (Tandartspraktijk De Linde), texts come from Linde.",
        (
            "Then: smsreminders service add --practice linde --name Notificaties --channel sms "
            "--notification-type appointment-reminder"
        ),
    ]


def test_the_practice_gets_a_code_and_a_sender_id_from_its_name(program: Program) -> None:
    program.does("init --practice 'Tandartspraktijk De Linde'")
    [made] = program("practice list --json").json
    assert made == {
        "code": "linde",
        "name": "Tandartspraktijk De Linde",
        "sender_id": "Linde",
        "phone": "",
        "language": None,
    }


def test_the_code_may_be_given(program: Program) -> None:
    program.does("init --practice 'Tandartspraktijk De Linde' --code boom")
    assert [practice["code"] for practice in program("practice list --json").json] == ["boom"]


def test_a_code_without_a_practice_or_that_can_not_be_makes_nothing(program: Program) -> None:
    assert program("init --code boom").said == ["smsreminders: --code is of a practice: give its name with --practice"]
    assert program("init --practice Linde --code 'De Linde'").code == 2
    assert not program.config.exists()


def test_without_a_practice_it_says_how_to_add_one(program: Program) -> None:
    ended = program("init")
    assert ended.said[1] == "Next: smsreminders practice add CODE --name NAME"
    assert program("practice list --json").json == []


def test_what_it_says_next_can_be_run_as_it_stands(program: Program) -> None:
    *_, then = program("init --practice Linde").said
    assert program(then.removeprefix("Then: smsreminders ")).code == 0


def test_quiet_says_nothing(program: Program) -> None:
    ended = program("--quiet init --practice Linde")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_it_overwrites_no_configuration(program: Program) -> None:
    program.does("init --practice Linde")
    before = program.config.read_bytes(), program.database.read_bytes()
    taken = f"smsreminders: {program.config} exists already: nothing was changed"
    ended = program("init --practice 'Huisarts Eik'")
    assert (ended.code, ended.said) == (
        2,
        [f"{taken}; another practice is added with `smsreminders practice add eik --name 'Huisarts Eik'`"],
    )
    assert program("init").said == [taken]
    assert (program.config.read_bytes(), program.database.read_bytes()) == before


def test_it_overwrites_no_database(program: Program) -> None:
    program.does("init")
    program.config.unlink()
    ended = program("init")
    assert ended.code == 2
    assert ended.err.startswith(
        f"smsreminders: {program.database} exists already: nothing was changed; if its configuration is lost, put that "
        f"back as {program.config}"
    )
    assert not program.config.exists()


def test_it_makes_no_new_database_where_one_was_lost_for_that_one_would_text_again(program: Program) -> None:
    program.does("init --practice Linde")
    assert program("dispatch").code == 0
    program.config.unlink()
    program.database.unlink()
    ended = program("init")
    assert ended.code == 2
    assert f"{program.database}.lock is left of a database that was here" in ended.err
    assert not program.config.exists()
    program.database.with_name("smsreminders.db.lock").unlink()
    program.does("init")


def test_the_database_can_stand_elsewhere(program: Program) -> None:
    elsewhere = program.home / 'a "quoted" folder' / "own.db"
    program.does(f"init --practice Linde --database '{elsewhere}'")
    assert mode(elsewhere) == "600"
    assert not program.database.exists()
    assert program("practice list").lines == ["linde\tLinde\tLinde\t\t"]


def test_the_environment_says_where_both_stand(program: Program) -> None:
    config, database = program.home / "own.toml", program.home / "own.db"
    program.does("init", SMSREMINDERS_CONFIG=str(config), SMSREMINDERS_DATABASE=str(database))
    assert config.exists()
    assert database.exists()
    assert f'database = "{database}"' in config.read_text(encoding="utf-8")


def test_the_option_goes_before_the_environment(program: Program) -> None:
    program.does("--config option.toml init", SMSREMINDERS_CONFIG=str(program.home / "environment.toml"))
    assert (program.home / "option.toml").exists()
    assert not (program.home / "environment.toml").exists()


def test_a_name_without_a_letter_is_refused_before_anything_is_made(program: Program) -> None:
    assert program("init --practice '!!!'").code == 2
    assert not program.config.exists()


def test_a_place_where_nothing_can_be_made_is_told(program: Program) -> None:
    (program.home / "file").write_text("")
    ended = program("--config file/config.toml init")
    assert ended.code == 78
    assert ended.said == [f"smsreminders: {program.home}/file: File exists"]


def test_a_sender_id_may_be_given_and_must_be_the_practices_own(program: Program) -> None:
    assert program("init --sender-id Eik").code == 2
    assert program("init --practice Tandartspraktijk").said == [
        'smsreminders: no sender ID can be made from "Tandartspraktijk": give one with --sender-id'
    ]
    ended = program("init --practice 'Fysio & Co' --sender-id PostNL")
    assert (ended.code, "--sure" in ended.err, program.config.exists()) == (2, True, False)
    program.does("init --practice 'Fysio & Co' --sender-id FysioCo")
    assert [practice["sender_id"] for practice in program("practice list --json").json] == ["FysioCo"]


def at_the_keyboard(program: Program, monkeypatch: pytest.MonkeyPatch, command: str, *answers: str) -> Ended:
    monkeypatch.setattr("sys.stdin", Terminal("".join(f"{answer}\n" for answer in answers)))
    return program(command)


def made(program: Program) -> list[str]:
    practices = program("practice list --json").json
    return [f"{practice['code']} {practice['sender_id']} {practice['phone']}" for practice in practices]


@pytest.mark.parametrize(
    ("command", "answers", "expected"),
    [
        ("init", ["Tandarts De Linde", "", "", ""], "linde Linde "),
        ("init", ["Huisarts Eik", "de-eik", "0201234567", "020-1234567"], "de-eik +31201234567 020-1234567"),
        ("init --code boom --sender-id Boom", ["Huisarts Eik", "020-1234567"], "boom Boom 020-1234567"),
        ("init --phone 020-7654321 --sure", ["Huisarts Eik", "", "Info"], "eik Info 020-7654321"),
        ("init --practice Linde --phone 020-1234567", [], "linde Linde 020-1234567"),
    ],
)
def test_at_a_terminal_it_asks_for_what_no_option_says_and_enter_takes_what_it_proposes(
    program: Program,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    answers: list[str],
    expected: str,
) -> None:
    assert at_the_keyboard(program, monkeypatch, command, *answers).code == 0
    assert made(program) == [expected]


def test_a_proposal_stands_in_brackets_and_an_answer_that_can_not_be_is_asked_for_again(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["Tandartspraktijk", "De Linde", "linde", "Info", "Linde", ""]
    ended = at_the_keyboard(program, monkeypatch, "init", *answers)
    assert made(program) == ["linde Linde "]
    assert "Our short name for it [tandartsprak]:" in ended.err
    assert ('"De Linde" is no code' in ended.err, '"Info" says nothing' in ended.err) == (True, True)
    assert ended.out.strip() == ""  # a question is talk


def test_who_names_no_practice_at_the_terminal_gets_none_and_who_leaves_makes_nothing(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert at_the_keyboard(program, monkeypatch, "init", "Linde").code == 130
    assert not program.config.exists()
    assert "Next: smsreminders practice add CODE" in at_the_keyboard(program, monkeypatch, "init", "").err
    assert made(program) == []
    assert "exists already" in at_the_keyboard(program, monkeypatch, "init").err  # before it asks
