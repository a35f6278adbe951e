"""Pure rules of the register: the tree, the signed notes, and what may be shown to whom."""

from backend.domains.evidence.rules import notes, tree

__all__ = ["notes", "tree"]
