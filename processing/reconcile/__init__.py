"""Reconcile: the move list of a terminal operating system (TOS) beside the moves that cranes were seen to make."""
