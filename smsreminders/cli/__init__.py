"""The command line: words in, words out. A command imports what it needs inside its function."""
