"""The rules that hold for one practice: the general ones, and in their place what it has of its own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.exclusions import Exclusions
from smsreminders.domain.round.occasions import show_occasion
from smsreminders.domain.round.window import Schedule
from smsreminders.domain.text.message import Wording
from smsreminders.errors import did_you_mean


class Origin(StrEnum):
    """Where the configuration has a rule from."""

    OWN = "its own"  # it stands under [practices.CODE]
    GENERAL = "general"  # it stands in the configuration for all practices
    BUILT_IN = "built in"  # it stands nowhere


@dataclass(frozen=True, slots=True)
class Rule:
    """A setting with the values that hold for a practice, as the configuration writes them, and its origin."""

    setting: str
    values: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class PracticeRules:
    """When a practice's texts leave, what they say, what is left out, and by which account they go.

    `account` is the NAME of `[gateways.NAME]`, empty for `[gateway]`. `origins` says of each setting where it stands,
    of a text under its key (nl, nl_family).
    """

    schedule: Schedule
    wording: Wording
    exclusions: Exclusions
    account: str
    origins: Mapping[str, Origin]

    def origin(self, setting: str) -> Origin:
        """Say where a setting or a text comes from."""
        return self.origins.get(setting, Origin.BUILT_IN)

    def listed(self) -> list[Rule]:
        """List the rules but for the texts; the general account has no name, and who leaves nothing out no words."""
        schedule = self.schedule
        values = {
            "remind": tuple(
                show_occasion(days, unless_confirmed=days in schedule.unless_confirmed) for days in schedule.remind
            ),
            "combine": (schedule.combine.value,),
            "sending_hours": tuple(f"{at:%H:%M}" for at in schedule.sending_hours),
            "minimum_notice": (_duration(schedule.minimum_notice),),
            "daily_limit": (str(schedule.daily_limit),),
            "except_types": self.exclusions.types,
            "except_practitioners": self.exclusions.practitioners,
            "gateway": (self.account,) if self.account else (),
        }
        return [Rule(setting, written, self.origin(setting)) for setting, written in values.items()]

    def texts(self) -> list[Rule]:
        """List the texts under their keys: nl, nl_several, nl_family."""
        kinds = {"": self.wording.templates, "_several": self.wording.several, "_family": self.wording.family}
        return [
            Rule(language + kind, (templates[language],), self.origin(language + kind))
            for language in sorted(self.wording.templates)
            for kind, templates in kinds.items()
            if language in templates
        ]


def _duration(duration: timedelta) -> str:
    minutes, hour = duration // timedelta(minutes=1), 60
    return f"{minutes}m" if minutes % hour else f"{minutes // hour}h"


def unknown_practices(codes: Collection[str], practices: Collection[Practice]) -> list[str]:
    """Tell of the codes that no practice has, naming the nearest, or the new one of a practice that was renamed."""
    known = {practice.code for practice in practices}
    renamed = {practice.first_code: practice.code for practice in practices}
    return [
        f"practices.{code}: there is no practice {code}; "
        + (f'it was renamed: write "{renamed[code]}"' if code in renamed else _nearest(code, known))
        for code in sorted(set(codes) - known)
    ]


def _nearest(code: str, known: Collection[str]) -> str:
    return did_you_mean(code, known) if known else "none was added yet"
