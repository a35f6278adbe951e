"""One's own data: a copy of everything that is kept of an account, and its end."""
