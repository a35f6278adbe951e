"""The rules about producers as pure functions: identity numbers, places, land, declarations, rows of an import."""

from backend.domains.producers.rules.declaring import (
    check_decision,
    check_declaration,
    check_reason,
    commitments_text,
    is_reminding,
    season,
    seasons_of,
    status_after_approval,
)
from backend.domains.producers.rules.identity import (
    Identity,
    credit_code,
    gtin,
    identity,
    mask_name,
    mask_person_id,
    mask_phone,
    person_id,
    phone,
    public_name,
)
from backend.domains.producers.rules.importing import COLUMNS, MAX_ROWS, Farmer, farmer, header
from backend.domains.producers.rules.land import Land, land, square_metres
from backend.domains.producers.rules.places import place, township_named
from backend.domains.producers.rules.visiting import (
    FILE_ROLES,
    MAX_VISIT_PHOTOS,
    check_visited,
    distance_m,
    free_place,
    standpoint,
)

__all__ = [
    "COLUMNS",
    "FILE_ROLES",
    "MAX_ROWS",
    "MAX_VISIT_PHOTOS",
    "Farmer",
    "Identity",
    "Land",
    "check_decision",
    "check_declaration",
    "check_reason",
    "check_visited",
    "commitments_text",
    "credit_code",
    "distance_m",
    "farmer",
    "free_place",
    "gtin",
    "header",
    "identity",
    "is_reminding",
    "land",
    "mask_name",
    "mask_person_id",
    "mask_phone",
    "person_id",
    "phone",
    "place",
    "public_name",
    "season",
    "seasons_of",
    "square_metres",
    "standpoint",
    "status_after_approval",
    "township_named",
]
