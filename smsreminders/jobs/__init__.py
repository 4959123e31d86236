"""Jobs: one function each: gather rows, decide in the domain, apply; a job returns a report and prints nothing."""
