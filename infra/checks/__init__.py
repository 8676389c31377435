"""Checks of settings, broker and database for `quaystream doctor`: one line each, with what to do."""
