"""The exit code of every error, and the line that tells it: the same for the process and for the monitor."""

import errno

from smsreminders.errors import SmsremindersError

BUG = 1
_USAGE, _AGAIN, _ADMINISTRATOR, _INTERRUPTED = 2, 75, 78, 130


def ending(error: BaseException) -> tuple[int, str | None]:
    """The exit code (README, "Exit codes") and the line to tell, if there is one; what isn't known here is a bug."""
    if isinstance(error, SmsremindersError):
        return error.exit_code, str(error)
    if isinstance(error, KeyboardInterrupt):
        return _INTERRUPTED, None
    if isinstance(error, UnicodeEncodeError):
        return _USAGE, "an argument or the name of a file holds bytes that are no text"
    if isinstance(error, OSError):
        code = _AGAIN if error.errno in {errno.ENOSPC, errno.EDQUOT} else _ADMINISTRATOR
        return code, f"{error.filename or 'the system'}: {error.strerror}"
    return BUG, None
