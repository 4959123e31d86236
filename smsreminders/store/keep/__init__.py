"""Keep: the access log, and what is erased, purged and handed over."""
