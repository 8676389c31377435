"""The description of the API, derived from its routes."""
