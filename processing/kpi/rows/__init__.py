"""The rows of the table of KPIs, by subject."""
