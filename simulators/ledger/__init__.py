"""A publisher that keeps a ledger of what was acknowledged to it, and a verifier that compares it with the database."""
