"""What the label of a used input asks for on this very crop: the days the page shows beside the days that passed."""

from backend.base import vocab
from backend.domains.inputs import rules as inputs


def waiting_days(registration_no: str | None, crop: str, book: inputs.Rulebook) -> int | None:
    """Pre-harvest interval or withdrawal period in days; None for what has none or is not in the catalogue."""
    product = book.products.get(registration_no or "")
    crops = vocab.get("crops")
    if product is None or crop not in crops:
        return None
    names = crops[crop].get("label_crops", ())
    if product.kind == "vet_drug":
        withdrawal = inputs.withdrawal_for(product, names, crops[crop].get("produce") or "meat")
        return withdrawal.days if withdrawal else None
    label = inputs.label_for(product, names)
    return label.phi_days if label else None


def is_example(registration_no: str | None, book: inputs.Rulebook) -> bool:
    """Whether the catalogue marks this input as demonstration data."""
    product = book.products.get(registration_no or "")
    return bool(product and product.example)
