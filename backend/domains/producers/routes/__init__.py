"""Endpoints of producers, of their land and products, and of what officers decide about them."""

from backend.domains.producers.routes import declarations, imports, land, questions, subjects, visits
from backend.domains.producers.routes.blueprint import blueprint

__all__ = ["blueprint", "declarations", "imports", "land", "questions", "subjects", "visits"]
