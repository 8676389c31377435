"""Gates: transactions of lanes and truck visits from gate events."""
