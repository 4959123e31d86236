"""The trial of a file: how it is to be read is found from the file itself, for a person to look at and paste."""
