"""Codecs: one encoding of payloads each."""
