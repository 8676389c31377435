"""The program that moves messages from the broker into the database, acknowledging after commit."""
