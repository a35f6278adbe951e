"""The catalogue of registered inputs and the legal rules on substances."""
