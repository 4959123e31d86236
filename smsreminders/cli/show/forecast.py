"""How far a round will get at the configured rate, in words and JSON: told before its first request."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from smsreminders.cli.context import Invocation
from smsreminders.cli.show.output import local

if TYPE_CHECKING:
    from datetime import tzinfo

    from smsreminders.domain.forecast import Forecast

_NAMED = 5  # practices of those that wait


def foretell(run: Invocation, forecast: "Forecast | None") -> None:
    """Tell who will wait, and what to do, where the round can't end in time; else nothing."""
    from smsreminders.domain.forecast import End

    if forecast is None or not forecast.waiting:
        return
    schedule, waits = run.settings.schedule, sum(forecast.waiting.values())
    until = forecast.until.astimezone(schedule.zone)
    ends_at = (forecast.ends_at + timedelta(seconds=59)).astimezone(schedule.zone)  # 20:00:30 is not in time for 20:00
    clock = "%H:%M" if ends_at.date() == until.date() else "%a %d %b %H:%M"
    if forecast.end is End.SENDING_HOURS:
        end, remedy = f"the sending hours end at {until:%H:%M}", "begin earlier, or widen schedule.sending_hours"
    else:
        end, remedy = f"schedule.longest_run ends it at {until:%H:%M}", "or make schedule.longest_run longer"
    run.warn(
        f"at {forecast.per_second:g} a second (gateway.per_second) this round takes until "
        f"{ends_at:{clock}}, but {end}: {waits} of {forecast.leaving + waits} notifications will wait, of "
        f"{_named(forecast)}; raise gateway.per_second if the gateway allows it, {remedy}"
    )


def forecast_row(forecast: "Forecast", zone: "tzinfo") -> dict[str, Any]:
    """The forecast for `--json`; `waiting` by practice, in the order of the queue."""
    return {
        "begins_at": local(forecast.begins_at, zone),
        "until": local(forecast.until, zone),
        "ends_at": local(forecast.ends_at, zone),
        "leaving": forecast.leaving,
        "waiting": forecast.waiting,
    }


def _named(forecast: "Forecast") -> str:
    words = [f"{code} ({count})" for code, count in list(forecast.waiting.items())[:_NAMED]]
    more = len(forecast.waiting) - len(words)
    return ", ".join(words) + (f" and {more} more" if more else "")
