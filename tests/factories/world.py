"""One of everything that an endpoint's path or body may name, around an orchard with a certificate."""

from backend.base import store
from backend.domains.certificates import service as certificates
from backend.domains.evidence import service as evidence
from tests.factories.articles import draft, editor, published
from tests.factories.certificates import Orchard
from tests.factories.complaints import filed
from tests.factories.witnesses import appointed


def words_of(grove: Orchard) -> dict[str, str]:
    """The ids, by the names that paths and bodies use for them."""
    made, author = grove.issued(), editor()
    bought = grove.farm.buy().json
    evidence.seal()
    certificates.publish_revocations()
    witness = appointed()
    return {
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
        "article_id": draft(author).id,
        "slug": published(author, editor()).slug,
        "registration_no": "示例-0001",
        "purchase_id": bought["id"],
        "item": bought["item"],
        "code": "620602",
        "number": "1",
        "witness": witness.name,
        "trace_code": made["code"],
    }
