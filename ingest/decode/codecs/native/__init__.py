"""The native JSON encoding: samples, status messages and documents."""
