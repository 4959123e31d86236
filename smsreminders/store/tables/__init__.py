"""Tables: the schema, in the migrations that make it."""
