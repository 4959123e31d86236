"""The store: the only SQL; rows in, dataclasses out. Functions here don't commit: the job owns the transaction."""
