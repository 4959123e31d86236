"""Round: the outbox, its claims and reports, what came in, and what rounds made of appointments."""
