"""Shapes of the exchange at the edge."""
