"""The features, stacked: each may import only the services of those below it (the order is in pyproject.toml)."""
