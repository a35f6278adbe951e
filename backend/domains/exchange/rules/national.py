"""Our facts in the words of the national platform, by a mapping file."""

from collections.abc import Mapping
from typing import Any

ORGANISATION = "credit_code"
CODE_LENGTH = 18
PRODUCING, TRADING = "0", "1"


def mapped(mapping: Mapping[str, Any], kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a message: the fields the mapping names, in its words; what we do not know is left out."""
    fields = mapping["messages"][kind]["fields"]
    return {one["theirs"]: facts[one["ours"]] for one in fields if facts.get(one["ours"]) is not None}


def subject_code(identity_kind: str, shown: str, producer_kind: str) -> str | None:
    """主体身份码 `T.C18.00000` of an organisation (unofficial, see the mapping's source). None for a person: its code
    would hold the identity number, which is not kept in the clear."""
    if identity_kind != ORGANISATION or len(shown) != CODE_LENGTH:
        return None
    return f"{TRADING if producer_kind == 'buyer' else PRODUCING}.{shown}.00000"
