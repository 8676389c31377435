"""What the programs share at the edge: settings, MQTT, database, command line, one-machine stack."""
