"""HL7 v2 messages: cut out of a file, split, and read as what they say of an appointment."""
