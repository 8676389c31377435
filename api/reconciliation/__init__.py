"""Move lists of the terminal operating system beside detected moves."""
