"""Verbs of the exchange, as routes, pages and the worker call them."""
