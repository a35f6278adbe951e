"""Verbs of the inbox, as the features above, the routes and the worker call them."""

from backend.domains.inbox.service.consents import agree
from backend.domains.inbox.service.forgetting import all_notices, consents_of, forget, forget_notices
from backend.domains.inbox.service.reading import NoticeFacts, Summary, notices, read, summary
from backend.domains.inbox.service.sending import send_due
from backend.domains.inbox.service.telling import tell

__all__ = [
    "NoticeFacts",
    "Summary",
    "agree",
    "all_notices",
    "consents_of",
    "forget",
    "forget_notices",
    "notices",
    "read",
    "send_due",
    "summary",
    "tell",
]
