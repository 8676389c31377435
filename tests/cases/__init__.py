"""Bad messages, and odd but good ones, each with what must become of it; see `tests.cases.corpus` for the form."""
