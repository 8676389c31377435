"""KPIs: definition, windows, terms, table, evaluator, explanation."""
