"""Device models, pure and seeded, and the terminal that ties them together; they publish over MQTT as devices do."""
