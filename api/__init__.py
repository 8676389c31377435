"""The program that serves REST, WebSocket and the dashboard."""
