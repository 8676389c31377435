"""The page and the live feed behind it, measured with a simulated terminal at work."""
