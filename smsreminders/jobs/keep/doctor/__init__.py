"""The check-up: each thing that a round needs, with what to do where it isn't as it should be."""
