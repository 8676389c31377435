"""The API's connection to the broker, which may be away."""
