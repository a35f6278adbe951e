"""Telling: into the inbox always, outside where it was agreed to."""

from collections.abc import Iterable, Mapping
from typing import Any

from backend import gateways
from backend.base import clock
from backend.domains.inbox import rules
from backend.domains.inbox.models import Consent, Notice


def tell(account_ids: Iterable[str], kind: str, *, key: str, subject_id: str = "", **params: Any) -> None:
    """Tell these people, in the caller's transaction. `key` names the news: told twice under one key it is one notice.

    A parameter is a plain value, or `(vocabulary, code)` and then read in the reader's language.
    """
    for account_id in dict.fromkeys(account_ids):
        _keep(account_id, kind, key, subject_id, params)


def _keep(account_id: str, kind: str, key: str, subject_id: str, params: Mapping[str, Any]) -> None:
    moment = clock.now()
    notice = {
        "account_id": account_id,
        "kind": kind,
        "subject_id": subject_id,
        "params": {name: list(value) if isinstance(value, tuple) else str(value) for name, value in params.items()},
        "unread": True,
        "outside": "due" if _agreed(account_id, kind) else "none",
        "due_at": moment,
        "attempts": 0,
        "created_at": moment,
    }
    Notice.update_one({"_id": f"{account_id}.{key}"}, {"$setOnInsert": notice}, upsert=True)


def _agreed(account_id: str, kind: str) -> bool:
    if kind not in rules.templates(gateways.current().settings.wechat_templates):
        return False
    rows = Consent.rows({"_id": f"{account_id}.{kind}"}, ("count",), limit=1)
    return bool(rows) and rows[0]["count"] > 0
