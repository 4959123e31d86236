"""Bill: what a practice owes for a month, and whether the gateway counts alike."""
