"""KPIs: what they mean, their values now and over time, and why a value is what it is."""
