"""What is kept about what leaves: who is told, what was sent, what was published."""
