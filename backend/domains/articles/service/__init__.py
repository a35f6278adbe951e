"""Verbs of articles, as the routes and the pages call them."""

from backend.domains.articles.service.finding import ReadingFacts, find, read, readings_after
from backend.domains.articles.service.linking import ReadingChanged, on_reading_changed
from backend.domains.articles.service.writing import article, articles_of, edit, review, submit, withdraw, write

__all__ = [
    "ReadingChanged",
    "ReadingFacts",
    "article",
    "articles_of",
    "edit",
    "find",
    "on_reading_changed",
    "read",
    "readings_after",
    "review",
    "submit",
    "withdraw",
    "write",
]
