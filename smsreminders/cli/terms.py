"""The terms of the configuration with the practices of the database at hand: a code that nobody has is refused."""

from typing import TYPE_CHECKING

from smsreminders.errors import ConfigError

if TYPE_CHECKING:
    from smsreminders.cli.context import Invocation
    from smsreminders.jobs.round.terms import Terms
    from smsreminders.store.database import Database


def terms_of(run: "Invocation", db: "Database") -> "Terms":
    """Give the terms of rounds: the general ones, and those of practices that have some of their own.

    Raises ConfigError where the configuration has rules for a practice that there isn't: they would hold for nobody.
    """
    for unknown in unknown_codes(run, db):
        raise ConfigError(unknown)
    return configured_terms(run)


def configured_terms(run: "Invocation") -> "Terms":
    """Give the terms as they stand in the configuration, whether there are such practices or not."""
    from smsreminders.jobs.round.terms import Terms

    settings = run.settings
    return Terms(settings.schedule, settings.wording, settings.billing.rate, practices=settings.practices)


def unknown_codes(run: "Invocation", db: "Database") -> list[str]:
    """Tell of the tables [practices.CODE] of which there is no such practice, with the nearest code."""
    from smsreminders.domain.round.practice_rules import unknown_practices
    from smsreminders.store.practices import all_practices

    settings = run.settings
    return [f"{settings.path}: {unknown}" for unknown in unknown_practices(settings.practices, all_practices(db))]
