"""What producers keep: themselves, their land, declarations, visits and the questions put to them."""

from backend.domains.producers.models.declarations import (
    DECLARATION_STATES,
    Declaration,
    DeclarationRound,
    DeclaredSeason,
)
from backend.domains.producers.models.land import Product, Site
from backend.domains.producers.models.questions import AnswerPhoto, Question, QuestionMessage
from backend.domains.producers.models.subjects import (
    KEPT_CHANGES,
    KINDS,
    STATUSES,
    IdentityClaim,
    PastVersion,
    Producer,
    RegistrationClaim,
    StatusChange,
    plain,
)
from backend.domains.producers.models.visits import SiteVisit, VisitFile

__all__ = [
    "DECLARATION_STATES",
    "KEPT_CHANGES",
    "KINDS",
    "STATUSES",
    "AnswerPhoto",
    "Declaration",
    "DeclarationRound",
    "DeclaredSeason",
    "IdentityClaim",
    "PastVersion",
    "Producer",
    "Product",
    "Question",
    "QuestionMessage",
    "RegistrationClaim",
    "Site",
    "SiteVisit",
    "StatusChange",
    "VisitFile",
    "plain",
]
