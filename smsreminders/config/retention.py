"""The table [retention]: how long what is known of patients is kept."""

from datetime import timedelta

from smsreminders.config.table import Table
from smsreminders.domain.keep.retention import SHORTEST_FOR_TEXTS, Retention, read_term


def read_retention(table: Table) -> Retention:
    """Read how long texts, rows of sources and lines of the access log are kept. Raises ConfigError."""
    retention = Retention(
        texts=table.read("texts", "90d", lambda text: read_term(text, shortest=SHORTEST_FOR_TEXTS)),
        source_rows=table.read("source_rows", "30d", read_term),
        log=table.read("log", "5y", lambda text: read_term(text, shortest=timedelta(days=366))),
    )
    table.nothing_else()
    return retention
