"""Verbs of complaints, as the routes, the pages and the worker call them."""

from backend.domains.complaints.rules import spoken
from backend.domains.complaints.service.acting import act
from backend.domains.complaints.service.checking import give_up_photo_checks, photo_checked
from backend.domains.complaints.service.counting import CountedCase, cases_after
from backend.domains.complaints.service.digest import missing_holidays, send_digests, warn_of_missing_years
from backend.domains.complaints.service.erasing import erase_contact
from backend.domains.complaints.service.facts import CaseFacts, EntryFacts, Filed
from backend.domains.complaints.service.filing import file, puzzle
from backend.domains.complaints.service.following import follow, rate, reopen, say
from backend.domains.complaints.service.keeping import recount, release_waiting
from backend.domains.complaints.service.own import of_account, unlink
from backend.domains.complaints.service.reading import case, ended, open_contact, queue

__all__ = [
    "CaseFacts",
    "CountedCase",
    "EntryFacts",
    "Filed",
    "act",
    "case",
    "cases_after",
    "ended",
    "erase_contact",
    "file",
    "follow",
    "give_up_photo_checks",
    "missing_holidays",
    "of_account",
    "open_contact",
    "photo_checked",
    "puzzle",
    "queue",
    "rate",
    "recount",
    "release_waiting",
    "reopen",
    "say",
    "send_digests",
    "spoken",
    "unlink",
    "warn_of_missing_years",
]
