"""Signing keys that were revoked before the register knew of it get their leaves, marked as made by a migration.

What such a leaf proves begins with its own seal. A key that has its leaf is passed over, so it runs again harmlessly.
"""

from typing import Any

from pymongo.database import Database

from backend.base import register
from backend.migrations.m20261124_register_forms import register_documents

KEYS = "signing_keys"


def run(database: Database[dict[str, Any]]) -> None:
    for form in register.forms().values():
        if form.collection == KEYS:
            register_documents(database["evidence_leaves"], database[KEYS], form)
