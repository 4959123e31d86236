"""What a person at the desk changes: one file a thing, each change one write transaction."""
