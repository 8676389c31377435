"""The terms of which KPI formulas are made."""
