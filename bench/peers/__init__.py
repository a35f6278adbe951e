"""The same read written with other frameworks."""
