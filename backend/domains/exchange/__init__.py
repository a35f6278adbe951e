"""Everything that leaves the house: open standards, the national platform, webhooks, open data."""
