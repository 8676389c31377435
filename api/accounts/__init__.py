"""Accounts that devices connect to the broker with."""
