"""The append-only register of what was written, when."""
