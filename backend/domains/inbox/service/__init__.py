"""Verbs of the inbox, as the features above, the routes and the worker call them."""

from backend.domains.inbox.service.consents import agree
from backend.domains.inbox.service.reading import NoticeFacts, Summary, notices, read, summary
from backend.domains.inbox.service.sending import send_due
from backend.domains.inbox.service.telling import tell

__all__ = ["NoticeFacts", "Summary", "agree", "notices", "read", "send_due", "summary", "tell"]
