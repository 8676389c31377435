"""The pure core: samples in, facts and KPIs out. No I/O, no clock, no randomness, no logging."""
