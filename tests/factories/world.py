"""One of everything that an endpoint's path or body may name, around an orchard with a certificate."""

from collections.abc import Callable
from datetime import UTC, datetime

from backend.base import store
from backend.domains.certificates import service as certificates
from backend.domains.evidence import service as evidence
from backend.domains.testing import service as testing
from backend.domains.tracing import service as tracing
from tests.factories.articles import draft, editor, pictured, published
from tests.factories.certificates import Orchard
from tests.factories.complaints import filed
from tests.factories.dumps import built
from tests.factories.exchange import dead_letter
from tests.factories.labs import listed_laboratory
from tests.factories.lots import buyer, holder, line
from tests.factories.rulebooks import draft_rulebook
from tests.factories.witnesses import appointed

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)


def words_of(grove: Orchard, login: Callable[..., str]) -> dict[str, str]:
    """The ids, by the names that paths and bodies use for them."""
    made, author = grove.issued(), editor()
    bought = grove.farm.buy().json
    evidence.seal()
    certificates.publish_revocations()
    witness = appointed()
    built("substances")
    lab_id = listed_laboratory()
    shipment_id, question_id, recall_id = shipped(grove, login), asked(grove), drilled(grove)
    outgoing = dead_letter(grove.farm.producer_id)
    article_id = draft(author).id
    return {
        "api_client_id": outgoing.api_client_id,
        "webhook_id": outgoing.webhook_id,
        "delivery_id": outgoing.delivery_id,
        "producer_id": grove.farm.producer_id,
        "site_id": grove.farm.site_id,
        "product_id": grove.farm.product_id,
        "batch_id": grove.farm.batch_id,
        "record_id": grove.lot_id,
        "lot_id": grove.lot_id,
        "certificate_id": made["id"],
        "decision_id": made["decision_id"],
        "declaration_id": f"{grove.farm.producer_id}.declaration-0001",
        "receipt": filed(grove.api, identity="hidden", contact="王女士"),
        "complaint_id": str(store.collection("complaints").find_one({})["_id"]),
        "article_id": article_id,
        "picture_name": pictured(author, article_id),
        "slug": published(author, editor()).slug,
        "shipment_id": shipment_id,
        "recall_id": recall_id,
        "question_id": question_id,
        "answer_client_id": "answer-000001",
        "registration_no": "示例-0001",
        "purchase_id": bought["id"],
        "item": bought["item"],
        "dataset": "substances",
        "day": str(store.collection("dumps").find_one({})["day"]),
        "code": "620602",
        "number": "1",
        "witness": witness.name,
        "trace_code": made["code"],
        "mapping": "nyt-2531-2013",
        "version": draft_rulebook(),
        "lab_id": lab_id,
        "accreditation_id": str(testing.accreditations(lab_id).items[0].id),
    }


def stamped_words(grove: Orchard, login: Callable[..., str]) -> dict[str, str]:
    """The same in a world whose first checkpoint has an authority's answer, whatever it says."""
    words = words_of(grove, login)
    first = store.collection("evidence_checkpoints").find_one({"number": 1}) or {}
    row = {"_id": first["_id"], "number": 1, "day": "2026-10-01", "reply": b"0", "at": NOW, "created_at": NOW}
    store.collection("evidence_timestamps").insert_one(row)
    return words


def shipped(grove: Orchard, login: Callable[..., str]) -> str:
    """A shipment that is on its way back. The orchard manages the other's log: both sides are its own doors."""
    there, here = buyer(grove.api, login), holder(grove.farm)
    managed = {"$set": {"managed_by": here.producer_id}}
    store.collection("producers").update_one({"_id": there.producer_id}, managed)
    (theirs,) = here.passed_on(there, line(grove.lot_id, "10"))
    return str(there.ship(here, line(theirs, "1"), kind="return").json["id"])


def asked(grove: Orchard) -> str:
    """A question with its answer."""
    question = {"client_id": "question-0001", "text": "七月打药的空瓶放在哪里？"}
    made = grove.api.post(f"/api/v1/producers/{grove.farm.producer_id}/questions", question, as_=grove.officer).json
    answered = {"client_id": "answer-000001", "text": "交到镇里的回收点了。"}
    grove.api.post(f"/api/v1/questions/{made['id']}/answers", answered, as_=grove.farm.token)
    return str(made["id"])


def drilled(grove: Orchard) -> str:
    """A drill of a recall that has run."""
    drill = {"client_id": "recall-000001", "target": "lot", "target_id": grove.lot_id, "reason": "other", "drill": True}
    made = grove.api.post("/api/v1/recalls", drill, as_=grove.officer).json
    tracing.spread_recalls()
    return str(made["id"])
