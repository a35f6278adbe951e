"""Results of laboratories on lots."""
