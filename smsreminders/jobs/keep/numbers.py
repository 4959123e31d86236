"""The numbers of patients, read as of the country that the configuration names."""

from smsreminders.store.database import Database, write_transaction
from smsreminders.store.patients import numbers_country, read_numbers_again


def keep_country(db: Database, country: str) -> None:
    """Read all numbers again where the configuration names another country than they were read by."""
    if numbers_country(db) != country:
        with write_transaction(db):
            read_numbers_again(db, country)
