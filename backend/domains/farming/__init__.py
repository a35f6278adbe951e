"""Production batches and the farming log."""
