"""Printed forms of a certificate: the page, sheets of labels, and bytes for thermal printers."""

from backend.gateways.labels.certificate import certificate_pdf
from backend.gateways.labels.paper import Card, FontMissing
from backend.gateways.labels.sheets import LAYOUTS, label_sheet_pdf
from backend.gateways.labels.tspl import SIZES, tspl, tspl_test_page

__all__ = [
    "LAYOUTS",
    "SIZES",
    "Card",
    "FontMissing",
    "certificate_pdf",
    "label_sheet_pdf",
    "tspl",
    "tspl_test_page",
]
