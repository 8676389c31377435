"""Device models, pure and seeded, and the terminal that ties them together; they speak MQTT only, as a device would."""
