"""Round: whom a round reminds of what, when, and what becomes of each text; who wasn't reached."""
