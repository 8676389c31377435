"""From messages to columns: topics, codecs, checks, rejects."""
