"""Who may speak for what: accounts of devices."""
