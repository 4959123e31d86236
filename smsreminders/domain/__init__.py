"""What we know about reminders: pure functions and values; no I/O, no clock, no configuration."""
