"""Sessions of the page: begun with a key, kept in a cookie."""
