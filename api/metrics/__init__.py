"""The metrics of the API and of the worker."""
