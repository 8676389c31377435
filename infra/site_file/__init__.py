"""The site file: read and checked as a whole."""
