"""Text: what a text says, with which words and signs, and what may not stand in it."""
