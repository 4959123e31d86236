"""Jobs: one function each: gather rows, decide in the domain, apply; a job returns its result and prints nothing."""
