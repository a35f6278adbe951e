"""Verbs of inputs, as other features and the routes call them."""

from backend.domains.inputs.service.catalogue import product, search
from backend.domains.inputs.service.loading import Loaded, load_rulebook
from backend.domains.inputs.service.rulebooks import active_version, published, rulebook

__all__ = ["Loaded", "active_version", "load_rulebook", "product", "published", "rulebook", "search"]
