"""A day of a receptionist: each question is answered by one command, in one screen of 80 columns and 24 lines."""

import os
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from smsreminders.cli.show.call_words import DUTCH
from tests.cli.answering import answered
from tests.cli.running import Program
from tests.gateways.fake_spryng import FakeSpryng

PAGE = (Path(__file__).parents[2] / "docs" / "desk.md").read_text(encoding="utf-8")
NIGHT, NINE, NOON, AFTERNOON = (f"2026-11-24T{time}:00+01:00" for time in ("06:10", "09:00", "12:00", "14:00"))
AGENDA = """\
Afspraaknr;Datum;Tijd;Patiëntnr;Naam;Mobiel;SMS akkoord;Status
A1;25-11-2026;9:00;1001;mw. A. Canaria;06-12345671;J;Gepland
A2;25-11-2026;9:20;1002;dhr. B. Canaria;06-12345677;J;Gepland
A3;25-11-2026;9:40;1003;mw. C. Canaria;06-12345673;N;Gepland
A4;25-11-2026;10:00;1004;dhr. D. Canaria;06-12345674;J;Wachtlijst
A5;26-11-2026;11:00;1002;dhr. B. Canaria;06-12345677;J;Gepland
A6;26-11-2026;14:00;1005;mw. E. Canaria;06-12345675;J;Gepland
"""
SOURCES = """
[[sources]]
name = "agenda"
path = "agenda.csv"
time_format = "%d-%m-%Y %H:%M"
columns = { appointment_id = "Afspraaknr", patient_id = "Patiëntnr", patient_name = "Naam", phone = "Mobiel", \
start = "Datum+Tijd", status = "Status", consent = "SMS akkoord" }
"""
DAY = {
    "wie moet ik bellen": ("unreached", "mw. C. Canaria   06-12345673  wil geen sms"),
    "waarom kreeg mevrouw C niets": ("notifications explain --patient 1003", "last word on consent is no"),
    "wat gaat er morgen uit": ("dispatch --dry-run --on tomorrow", "A6           1005     do 26 nov 14:00  send"),
    "wat ging er vannacht mis": ("import --all --dry-run", 'agenda.csv, line 5, Status: "Wachtlijst"'),
    "heeft meneer B akkoord": ("patient list --search 'b. canaria'", "given"),
    "welke sms kreeg mevrouw A": ("patient show 1001", "u heeft woensdag 25 november om 09:00"),
    "kwam de sms van meneer B aan": ("notifications list --patient 1002", "failed"),
    "wie zei STOP": ("stopped list", "di 24 nov 12:01"),
    "welke antwoorden wachten": ("replies list", "iets anders"),
    "welke afspraken heeft meneer B": ("appointment list --patient 1002", "do 26 nov 11:00"),
    "is alles goed": ("check", "replies list"),
    "wat kost deze maand": ("report --month 2026-11", "EUR       0,12"),
}


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A practice in the afternoon: the night's import, the round, what became of it, two answers."""
    night = Program(tmp_path_factory.mktemp("day"), NIGHT)
    night.does("init --practice 'Tandartspraktijk De Linde'")
    night.does("service add --name Notificaties --channel sms --notification-type appointment-reminder")
    with FakeSpryng(now=datetime.fromisoformat(NINE)) as spryng:
        account = f'account_reference = "{spryng.account_reference}"\napi_key = "{spryng.api_key}"'
        night.configure(f'{SOURCES}[gateway]\nname = "spryng"\nbase_url = "{spryng.url}"\n{account}\n')
        agenda = night.config.with_name("agenda.csv")
        agenda.write_text(AGENDA, encoding="utf-8")
        written = datetime.fromisoformat(NIGHT).timestamp() - 3600
        os.utime(agenda, (written, written))
        assert night("--quiet import --all").code == 3
        night.at(NINE).does("dispatch")
        spryng.report("+31612345671", "Sent", "Delivered")
        spryng.report("+31612345677", "Failed", "NetworkFailed")
        answered(night, "Kan het een uur later?", "STOP", account="spryng")
        night.at(NOON).does("poll")
        yield night.at(AFTERNOON)


@pytest.mark.parametrize("question", DAY)
def test_a_question_is_answered_by_one_command_in_one_screen(day: Program, question: str) -> None:
    command, answer = DAY[question]
    ended = day.on_a_terminal(command, COLUMNS="80", NO_COLOR="1")
    screen = (ended.out + ended.err).replace(str(day.home), "~").splitlines()  # no folder of theirs is as long as ours
    assert ended.code in {0, 3}
    assert answer in ended.out + ended.err
    assert (len(screen) <= 24, max(map(len, screen)) <= 80) == (True, True), screen


def test_the_day_has_twelve_questions() -> None:
    assert len(DAY) == 12


def test_each_command_of_the_page_for_the_desk_goes_as_it_stands(day: Program, tmp_path: Path) -> None:
    shutil.copytree(day.home, tmp_path, dirs_exist_ok=True)
    desk = Program(tmp_path, AFTERNOON)
    commands = re.findall(r"(?:^    |`)smsreminders ([^`\n]+)", PAGE, re.MULTILINE)
    assert len(commands) > 15
    ended = {command: desk(command) for command in commands}
    assert {command: end for command, end in ended.items() if end.code not in {0, 3}} == {}


def test_the_page_for_the_desk_has_the_reasons_in_the_words_of_the_call_list() -> None:
    table = PAGE.partition("| op de lijst staat |")[2].partition("\n\n")[0]
    reasons = {reason for line in table.splitlines()[2:] for reason in line.split("|")[1].strip().split(", ")}
    assert reasons <= {words.says for words in DUTCH.values()}
    assert len(reasons) == 10
