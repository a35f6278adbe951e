"""What the log takes from the store of inputs: told to the store in the transaction that writes the records."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from backend.base import vocab
from backend.base.documents import MAX_FOUND
from backend.base.errors import NotFound
from backend.domains.farming.service.drafts import Desk, Draft
from backend.domains.inputs import rules as input_rules
from backend.domains.inputs import service as inputs
from backend.domains.producers import service as producers

Areas = Mapping[str, Decimal]


def book(desk: Desk, kept: Sequence[Draft]) -> None:
    """Take from the store what these records used, and put back what an amendment no longer says."""
    ever = {row["root_id"] for row in desk.rows if row.get("inputs")}
    drafts = [draft for draft in kept if draft.row["root_id"] in ever]
    if drafts:
        areas = _areas(desk.producer_id, drafts)
        inputs.use(desk.producer_id, [_sheet(draft, areas) for draft in drafts])


def _sheet(draft: Draft, areas: Areas) -> input_rules.Sheet:
    row, area = draft.row, _area(draft, areas)
    uses = tuple(_use(used, area) for used in row.get("inputs", ()))
    return input_rules.Sheet(row["_id"], row["root_id"], row["version"], row["ended_on"], uses)


def _use(used: Mapping[str, Any], area: Decimal) -> input_rules.Use:
    named = input_rules.Named(
        used.get("registration_no"), used["name"], used.get("manufacturer"), used.get("kind", "other")
    )
    amount = Decimal(used["amount"]) if used.get("amount") is not None else None
    units = vocab.get("units")
    return input_rules.Use(named, amount, units[used["unit"]] if used.get("unit") in units else None, area)


def _area(draft: Draft, areas: Areas) -> Decimal:
    """The mu a dose was given to: the record's sites, or all of the batch when it names none."""
    sites = draft.row.get("site_ids") or ()
    if not _is_part(draft) or not all(site in areas for site in sites):
        return draft.batch.area_mu
    return sum((areas[site] for site in sites), Decimal(0))


def _is_part(draft: Draft) -> bool:
    sites = set(draft.row.get("site_ids") or ())
    return bool(sites) and sites != set(draft.batch.site_ids)


def _areas(producer_id: str, drafts: Sequence[Draft]) -> Areas:
    """The areas of sites that are only a part of their batch, with at most one command; the batch knows its whole."""
    wanted = [site for draft in drafts if _is_part(draft) and _is_dosed(draft) for site in draft.row["site_ids"]]
    try:
        return {site.id: site.area_mu for site in producers.sites(producer_id, list(dict.fromkeys(wanted))[:MAX_FOUND])}
    except NotFound:  # the store never stands in the way of a record
        return {}


def _is_dosed(draft: Draft) -> bool:
    units = vocab.get("units")
    return any(
        units.get(used.get("unit", ""), {"dimension": ""})["dimension"] == "dose"
        for used in draft.row.get("inputs", ())
    )
