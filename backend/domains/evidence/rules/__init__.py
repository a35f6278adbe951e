"""Pure rules of the register: the tree, the signed notes, and what may be shown to whom."""

from backend.domains.evidence.rules import notes, stamping, tree

__all__ = ["notes", "stamping", "tree"]
