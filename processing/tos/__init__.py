"""Messages of the terminal operating system: segments, times, and what they state of boxes."""
