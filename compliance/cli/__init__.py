"""The command line: one file per verb, each a few lines over functions that any program can call."""
