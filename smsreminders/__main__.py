"""The program's entry: `--version` answers at once, everything else goes through the command line."""

import signal
import sys


def main() -> None:
    """Run the command line that the process was started with."""
    if sys.argv[1:] == ["--version"]:
        from smsreminders import __version__

        print(f"smsreminders {__version__}")  # noqa: T201 - without the command line
        return
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does: cleaned up, exit code 130
        from smsreminders.cli.main import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before the command line was there, or after it
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
