"""The forecast of a round: how far it will get at the configured rate, as a row and as a warning."""

from datetime import timedelta
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column, View

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.domain.round.forecast import Forecast

_NAMED = 5  # practices of those that wait
FORECAST: "Columns[Forecast]" = (
    Column("begins_at", lambda forecast, view: view.local(forecast.begins_at)),
    Column("until", lambda forecast, view: view.local(forecast.until)),
    Column("ends_at", lambda forecast, view: view.local(forecast.ends_at)),
    Column("leaving", lambda forecast, _: forecast.leaving),
    Column("waiting", lambda forecast, _: forecast.waiting),  # by practice, in the order of the queue
)


def forecast_warning(forecast: "Forecast", view: View) -> str:
    """Say who will wait and what to do about it; empty where the round can end in time."""
    from smsreminders.domain.round.forecast import End

    if not forecast.waiting:
        return ""
    waits = sum(forecast.waiting.values())
    until = forecast.until.astimezone(view.zone)
    ends_at = (forecast.ends_at + timedelta(seconds=59)).astimezone(view.zone)  # 20:00:30 is not in time for 20:00
    clock = "%H:%M" if ends_at.date() == until.date() else "%a %d %b %H:%M"
    if forecast.end is End.SENDING_HOURS:
        end, remedy = f"the sending hours end at {until:%H:%M}", "begin earlier, or widen schedule.sending_hours"
    else:
        end, remedy = f"schedule.longest_run ends it at {until:%H:%M}", "or make schedule.longest_run longer"
    key = f"gateways.{forecast.account}.per_second" if forecast.account else "gateway.per_second"
    return (
        f"at {forecast.per_second:g} a second ({key}) this round takes until "
        f"{ends_at:{clock}}, but {end}: {waits} of {forecast.leaving + waits} notifications will wait, of "
        f"{_named(forecast)}; raise {key} if the gateway allows it, {remedy}"
    )


def _named(forecast: "Forecast") -> str:
    """Name the practices that wait with how many each, the first few."""
    words = [f"{code} ({count})" for code, count in list(forecast.waiting.items())[:_NAMED]]
    more = len(forecast.waiting) - len(words)
    return ", ".join(words) + (f" and {more} more" if more else "")
