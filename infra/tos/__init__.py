"""Move lists of the terminal operating system: files and their storage."""
