"""Production subjects 生产主体: who they are, their land and products, and what they declare for a season."""
