"""The catalogue of registered inputs, the legal rules on substances, and what producers bought and have left."""
