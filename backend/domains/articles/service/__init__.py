"""Verbs of articles, as the routes and the pages call them."""

from backend.domains.articles.service.asking import article
from backend.domains.articles.service.finding import ReadingFacts, find, read, readings_after
from backend.domains.articles.service.linking import ReadingChanged, on_reading_changed
from backend.domains.articles.service.picturing import PictureFacts, add_picture, pictures_of, remove_picture
from backend.domains.articles.service.writing import articles_of, edit, review, submit, withdraw, write

__all__ = [
    "PictureFacts",
    "ReadingChanged",
    "ReadingFacts",
    "add_picture",
    "article",
    "articles_of",
    "edit",
    "find",
    "on_reading_changed",
    "pictures_of",
    "read",
    "readings_after",
    "remove_picture",
    "review",
    "submit",
    "withdraw",
    "write",
]
