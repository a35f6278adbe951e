"""What the public reports, its clock, and its answers."""
