"""The keys that sign: made, rotated, revoked, and published for good."""
