"""Documents announced over the API: published like any other, so that there is one way in."""
