"""What every command takes: the program's options after its name too, Dutch dates, one value where one counts."""

import pytest

from tests.cli.running import Program


@pytest.mark.parametrize(
    "command",
    [
        "--config eik.toml practice list",
        "practice --config eik.toml list",
        "practice list --config eik.toml",
        "--config none.toml practice list --config eik.toml",
    ],
)
def test_the_configuration_may_be_named_before_and_after_the_command(linde: Program, command: str) -> None:
    linde.does("--config eik.toml init --practice Eik --database eik.db")
    assert [line.split("\t")[0] for line in linde(command).lines] == ["eik"]


@pytest.mark.parametrize("option", ["--quiet", "-q"])
@pytest.mark.parametrize(
    "command", ["{} patient add 1 --name A", "patient {} add 1 --name A", "patient add 1 {} --name A"]
)
def test_quiet_may_stand_anywhere(linde: Program, command: str, option: str) -> None:
    ended = linde(command.format(option) + " --phone 020-7654321")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


@pytest.mark.parametrize("option", ["--verbose", "-v"])
@pytest.mark.parametrize("command", ["{} practice list", "practice {} list", "practice list {}"])
def test_verbose_says_what_the_program_works_with(linde: Program, command: str, option: str) -> None:
    ended = linde(command.format(option))
    assert ended.said == [
        f"smsreminders: configuration: {linde.config}",
        f"smsreminders: database: {linde.database}, only to read",
    ]
    assert ended.out == linde("practice list").out


def test_verbose_names_the_account(agenda: Program) -> None:
    assert "smsreminders: account: sandbox" in agenda("dispatch -v").said


def test_verbose_counts_rows(agenda: Program) -> None:
    assert "smsreminders: rows written: 2" in agenda("patient edit 1001 --phone 020-7654321 -v").said
    assert "smsreminders: notifications found: 0" in agenda("notifications list -v").said


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("import x.csv --kind foo", "'foo' is not one of 'appointments', 'patients', 'consents'"),
        ("notifications list --status lost", "'lost' is not one of 'queued'"),
        ("gateway test 0687654321 --wait long", "write a whole number, like 60"),
        ("completion tcsh", "'tcsh' is not one of 'bash', 'zsh', 'fish'"),
    ],
)
def test_what_can_not_be_read_is_told_in_plain_words(linde: Program, command: str, message: str) -> None:
    ended = linde(command)
    assert (ended.code, message in ended.err, "Value error" in ended.err, "valid integer" in ended.err) == (
        *(2, True, False, False),
    )


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("notifications list --patient 1001 --patient 1002", "--patient"),
        ("notifications list --from 2026-11-24 --from today", "--from"),
        ("dispatch --practice linde --practice linde", "--practice"),
    ],
)
def test_a_second_value_where_one_counts_is_never_lost_without_a_word(
    linde: Program, command: str, option: str
) -> None:
    ended = linde(command)
    assert (ended.code, f"Option '{option}' is given 2 times, but only one can count" in ended.err) == (2, True)


def test_each_status_that_is_given_counts(agenda: Program) -> None:
    agenda.does("dispatch")
    agenda.does("poll")

    def listed(options: str) -> list[int]:
        return [notification["id"] for notification in agenda(f"notifications list {options} --json").json]

    assert listed("--status delivered --status failed") == [1, 2]
    assert listed("--status failed --status sent --status failed") == [2, 3]
    assert listed("--status queued") == []
    assert listed("") == [1, 2, 3]


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("--from 25-11-2026 --to 25-11-2026", 9),
        ("--from tomorrow --to morgen", 9),
        ("--from vandaag --to today", 1),
        ("--from 26-11-2026", 1),
    ],
)
def test_days_are_read_as_the_dutch_write_them(agenda: Program, written: str, listed: int) -> None:
    assert len(agenda(f"appointment list {written}").lines) == listed


def test_today_is_the_local_day_of_the_practice(agenda: Program) -> None:
    late = agenda.at("2026-11-24T23:30:00+00:00")  # in Amsterdam it is the 25th
    assert len(late("appointment list --from today --to today").lines) == 9
    agenda.configure('time_zone = "America/New_York"\n')
    assert late("practice days linde --closed-on today --json").json["closed_on"] == ["2026-11-24"]


def test_times_months_and_commas_are_read_as_the_dutch_write_them(agenda: Program) -> None:
    agenda.does("appointment move A11 --start '27-11-2026 9:15'")
    assert agenda("appointment show A11 --json").json["starts_at"] == "2026-11-27T09:15:00+01:00"
    agenda.does("rate add 0,09 --from 1-1-2027")
    assert agenda("rate list --json").json[-1]["rate"] == "0.09"
    agenda.does("vat add 9,5 --from 1-1-2027")
    assert agenda("report --month 11-2026").out == agenda("report --month 2026-11").out
    agenda.does("practice days linde --closed-on 24-12-2026 --closed-on 2026-12-28")
    assert agenda("practice days linde --forget 24-12-2026 --json").json["closed_on"] == ["2026-12-28"]
