"""`service`: without an enabled one with SMS reminders assigned nothing goes out."""

import pytest

from tests.cli.running import Program

PAIR = "--channel sms --notification-type appointment-reminder"


def reasons(program: Program) -> dict[str, int]:
    skipped: dict[str, int] = program("dispatch --dry-run --json").json["skipped"]
    return skipped


def test_the_list_shows_what_is_assigned(linde: Program) -> None:
    linde.does("service add --name ' Brieven ' --type notifications")
    assert linde("service list --json").json == [
        {"practice": "linde", "name": "Brieven", "type": "notifications", "enabled": True, "assigned": []},
        {
            "practice": "linde",
            "name": "Notificaties",
            "type": "notifications",
            "enabled": True,
            "assigned": ["sms appointment-reminder"],
        },
    ]
    assert linde("service list --csv").lines == [
        "practice,name,type,enabled,assigned",
        "linde,Brieven,notifications,yes,",
        "linde,Notificaties,notifications,yes,sms appointment-reminder",
    ]
    assert linde("service list").lines[0] == "linde\tBrieven\tnotifications\tyes\t"


def test_what_was_added_is_said(linde: Program) -> None:
    linde.does("service disable Notificaties")
    assert linde("service add --name Brieven").said == ["Added service Brieven of practice linde (Tandarts Linde)."]
    assert linde(f"service add --name Texts {PAIR}").said == [
        "Added service Texts of practice linde (Tandarts Linde): appointment-reminder by sms."
    ]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("disable Notificaties", "Disabled service Notificaties"),
        ("enable Notificaties", "Enabled service Notificaties"),
        (f"unassign Notificaties {PAIR}", "Took appointment-reminder by sms away from service Notificaties"),
        (f"assign Notificaties {PAIR}", "Assigned appointment-reminder by sms to service Notificaties"),
    ],
)
def test_what_was_changed_is_said_in_one_line(linde: Program, command: str, said: str) -> None:
    ended = linde(f"service {command}")
    assert (ended.out, ended.said) == ("", [f"{said} of practice linde (Tandarts Linde)."])


@pytest.mark.parametrize("off", ["service disable Notificaties", f"service unassign Notificaties {PAIR}"])
def test_a_practice_without_an_enabled_assigned_service_sends_nothing(agenda: Program, off: str) -> None:
    agenda.does(off)
    assert reasons(agenda)["no-service"] == 9
    agenda.does(off.replace("disable", "enable").replace("unassign", "assign"))
    assert "no-service" not in reasons(agenda)


@pytest.mark.parametrize("name", ["", " "])
def test_a_service_without_a_name_is_refused(linde: Program, name: str) -> None:
    assert linde(f"service add --name '{name}'").code == 2


def test_two_enabled_services_never_have_the_same_pair(linde: Program) -> None:
    linde.does("service disable Notificaties")
    linde.does(f"service add --name Texts {PAIR}")
    before = linde.database.read_bytes()
    for command in ("enable Notificaties", f"add --name More {PAIR}"):
        ended = linde(f"service {command}")
        assert ended.code == 2
        assert ended.err == (
            'smsreminders: sms and appointment-reminder are assigned to the enabled service "Texts" already: '
            "disable or unassign that one first\n"
        )
    assert linde.database.read_bytes() == before


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("add", "Missing option '--name'"),
        ("add --name Notificaties", 'the practice has a service "Notificaties" already'),
        ("add --name N --channel sms", "--channel and --notification-type are assigned together: give both or none"),
        ("add --name N --notification-type appointment-reminder", "are assigned together: give both or none"),
        ("add --name N --channel fax --notification-type appointment-reminder", "'fax' is not one of 'sms'"),
        ("add --name N --type letters", "'letters' is not one of 'notifications'"),
        ("add --name N --practice eik", 'there is no practice "eik"; known are: linde'),
        ("assign Notificaties --channel sms", "Missing option '--notification-type'"),
        (f"assign Notificatie {PAIR}", 'practice linde has no service "Notificatie"; did you mean "Notificaties"?'),
        (f"unassign Notificatie {PAIR}", 'practice linde has no service "Notificatie"'),
        ("enable Letters", 'practice linde has no service "Letters"; known are: Notificaties'),
        ("disable Letters", 'practice linde has no service "Letters"'),
        ("list --practice eik", 'there is no practice "eik"'),
    ],
)
def test_what_can_not_be_is_a_usage_error_that_changes_nothing(linde: Program, command: str, message: str) -> None:
    before = linde.database.read_bytes()
    ended = linde(f"service {command}")
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert linde.database.read_bytes() == before
