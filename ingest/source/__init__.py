"""Where messages come from: the seam that a source fills, and the sources."""
