"""Text: what a text says, with which signs, and how many segments it takes."""
