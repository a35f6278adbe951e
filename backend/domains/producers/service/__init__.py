"""Verbs of producers, as the features above and the routes call them."""

from backend.domains.producers.service.answer_photos import add_answer_photo
from backend.domains.producers.service.catalogue import (
    ProductFacts,
    edit_product,
    get_product,
    gtin_owner,
    new_product,
    product,
    products,
    products_of,
)
from backend.domains.producers.service.decisions import decide, reinstate, suspend
from backend.domains.producers.service.declarations import declaration, declarations_of, queue, submit
from backend.domains.producers.service.doors import (
    Named,
    ProducerFacts,
    Visible,
    door,
    facts,
    names,
    open_phone,
    visible,
)
from backend.domains.producers.service.edits import past_versions
from backend.domains.producers.service.importing import import_farmers
from backend.domains.producers.service.news import (
    ProducerAdmitted,
    ProducerReinstated,
    ProducerRenamed,
    ProducerSuspended,
)
from backend.domains.producers.service.question_reading import (
    QuestionFacts,
    answers_by,
    asked,
    question,
    questions_of,
)
from backend.domains.producers.service.questions import answer, ask, ask_again, close_question
from backend.domains.producers.service.registration import contact, edit, get, invite, list_for, register
from backend.domains.producers.service.reminding import remind_of_declarations
from backend.domains.producers.service.sites import SiteFacts, edit_site, get_site, new_site, sites, sites_of
from backend.domains.producers.service.telling import tell_people
from backend.domains.producers.service.visit_files import FileFacts
from backend.domains.producers.service.visits import VisitFacts, add_visit_file, record_visit, visits_of
from backend.domains.producers.service.workbook import MAX_BYTES as MAX_IMPORT_BYTES
from backend.domains.producers.service.workbook import template

__all__ = [
    "MAX_IMPORT_BYTES",
    "FileFacts",
    "Named",
    "ProducerAdmitted",
    "ProducerFacts",
    "ProducerReinstated",
    "ProducerRenamed",
    "ProducerSuspended",
    "ProductFacts",
    "QuestionFacts",
    "SiteFacts",
    "Visible",
    "VisitFacts",
    "add_answer_photo",
    "add_visit_file",
    "answer",
    "answers_by",
    "ask",
    "ask_again",
    "asked",
    "close_question",
    "contact",
    "decide",
    "declaration",
    "declarations_of",
    "door",
    "edit",
    "edit_product",
    "edit_site",
    "facts",
    "get",
    "get_product",
    "get_site",
    "gtin_owner",
    "import_farmers",
    "invite",
    "list_for",
    "names",
    "new_product",
    "new_site",
    "open_phone",
    "past_versions",
    "product",
    "products",
    "products_of",
    "question",
    "questions_of",
    "queue",
    "record_visit",
    "register",
    "reinstate",
    "remind_of_declarations",
    "sites",
    "sites_of",
    "submit",
    "suspend",
    "tell_people",
    "template",
    "visible",
    "visits_of",
]
