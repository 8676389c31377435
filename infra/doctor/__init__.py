"""What `quaystream doctor` looks at: each module one thing, its findings as lines."""
