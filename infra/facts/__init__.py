"""Facts as rows of their tables: statements, parameters and rows, all from the type of fact."""
