"""Verbs of inputs, as other features and the routes call them."""

from backend.domains.inputs.service.catalogue import product, search
from backend.domains.inputs.service.checking import VERSION_WORD
from backend.domains.inputs.service.comparing import Diff, diff
from backend.domains.inputs.service.copying import copy_products
from backend.domains.inputs.service.governance import RulebookActivated, activate, activate_due, impact_seen, review
from backend.domains.inputs.service.loading import Loaded, load_rulebook
from backend.domains.inputs.service.purchases import buy, cancel, purchases_of
from backend.domains.inputs.service.rulebooks import active_version, longest_wait, published, rulebook
from backend.domains.inputs.service.stock import Counted, count, movements_of, stock_of, use
from backend.domains.inputs.service.versions import VersionFacts, import_tables, substance_rows, version, versions

__all__ = [
    "VERSION_WORD",
    "Counted",
    "Diff",
    "Loaded",
    "RulebookActivated",
    "VersionFacts",
    "activate",
    "activate_due",
    "active_version",
    "buy",
    "cancel",
    "copy_products",
    "count",
    "diff",
    "impact_seen",
    "import_tables",
    "load_rulebook",
    "longest_wait",
    "movements_of",
    "product",
    "published",
    "purchases_of",
    "review",
    "rulebook",
    "search",
    "stock_of",
    "substance_rows",
    "use",
    "version",
    "versions",
]
