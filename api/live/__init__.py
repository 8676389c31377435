"""The live WebSocket: a snapshot, then frames of what changes."""
