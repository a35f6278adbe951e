"""Shapes of the catalogue and the rulebook, of purchases and the stock."""

from backend.domains.inputs.schemas.catalogue import InputOut, InputQuery, InputsOut
from backend.domains.inputs.schemas.rulebooks import (
    DiffOut,
    DiffQuery,
    LoadedOut,
    RulebookActivation,
    RulebookFiles,
    RulebookForm,
    RulebookOut,
    RulebookQuery,
    RulebookReview,
    VersionOut,
)
from backend.domains.inputs.schemas.stock import (
    MovementOut,
    MovementsQuery,
    NewPurchase,
    NewStockCount,
    PurchaseCancellation,
    PurchaseOut,
    PurchasesQuery,
    StockCountOut,
    StockOut,
    StockQuery,
)

__all__ = [
    "DiffOut",
    "DiffQuery",
    "InputOut",
    "InputQuery",
    "InputsOut",
    "LoadedOut",
    "MovementOut",
    "MovementsQuery",
    "NewPurchase",
    "NewStockCount",
    "PurchaseCancellation",
    "PurchaseOut",
    "PurchasesQuery",
    "RulebookActivation",
    "RulebookFiles",
    "RulebookForm",
    "RulebookOut",
    "RulebookQuery",
    "RulebookReview",
    "StockCountOut",
    "StockOut",
    "StockQuery",
    "VersionOut",
]
