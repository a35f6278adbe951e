"""Science popularisation, answered rumours, policy, warnings: written by one, reviewed by another."""
