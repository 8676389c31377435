"""Encodings of device messages; each turns payloads into the same rows, or into rejects with a reason."""
