"""Keep: what is logged, erased and kept, and whether all is well."""
