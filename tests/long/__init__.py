"""Long tests: the promise of section "Never twice, never lost", by killing, filling and locking the real program."""
