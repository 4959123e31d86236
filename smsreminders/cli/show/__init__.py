"""What is shown: each thing is turned into rows and lines here, once, for a terminal, TSV, CSV and JSON."""
