"""The configuration: a TOML file -> frozen settings, each checked."""
