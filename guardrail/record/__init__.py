"""Evidence: what may be counted and kept. No type in here can hold text."""
