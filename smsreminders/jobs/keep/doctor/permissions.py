"""The check-up of permissions: the user that cron runs as can open, write and make what a round needs."""

from pathlib import Path

from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.store.ownership import acting_as, can_make_files, files_beside, name_of, user_of_cron, why_not_opened

_OF_A_MIGRATION = ".before-"  # copies that no round opens


def check_permissions(config: Path, database: Path) -> list[Check]:
    """Try as the user of cron to open the database and what stands beside it, and to make files in its folder.

    Before the database is opened: see why_not_opened. Nothing is changed.
    """
    user, group = user_of_cron([config, database])
    with acting_as(user, group):
        wrong = _untouchable(database, f"{user}:{group}")
    return wrong or [
        Check("permissions", Verdict.OK, f"the user of cron ({name_of(user)}) can write what a round writes")
    ]


def _untouchable(database: Path, owner: str) -> list[Check]:
    """Find the files that a user can't open or make."""
    folder = database.parent
    try:
        beside = files_beside(database)
    except OSError as error:
        return [
            _wrong(f"{folder} can't be looked at: {error.strerror}", f"chown {owner} {folder}` and `chmod 700 {folder}")
        ]
    checks = []
    for path in (database, *beside):
        if not path.name.startswith(database.name + _OF_A_MIGRATION) and path.is_file():
            why = why_not_opened(path)
            commands = f"chown {owner} {path}` and `chmod 600 {path}"
            checks += [_wrong(f"{path} can't be opened for writing: {why}", commands)] if why else []
    if not can_make_files(folder):
        trouble = f"{folder} can't be written: the journal of the database is made in it"
        checks.append(_wrong(trouble, f"chown {owner} {folder}` and `chmod 700 {folder}"))
    return checks


def _wrong(trouble: str, commands: str) -> Check:
    return Check("permissions", Verdict.WRONG, trouble, f"run `{commands}`, as root")
