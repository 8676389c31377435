"""Energy and carbon of a terminal."""
