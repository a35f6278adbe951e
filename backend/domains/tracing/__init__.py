"""What the public sees of a lot: one finished document a trace code, its scans and its alias."""
