"""Rulebook versions for tests: tables as an operator would upload them, and the whole way to being in force."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.base.actor import system
from backend.domains.certificates import service as certificates
from backend.domains.inputs import service as inputs
from tests.factories.farming import RULEBOOK


def walked(version: str) -> int:
    """Let the worker walk until it is done; returns its turns."""
    for turn in range(1, 1000):
        certificates.walk_impacts()
        if certificates.impact(version).state == "done":
            return turn
    raise AssertionError("the walk does not end")


def adopt(version: str) -> None:
    """Reviewed by a second person, its impact looked at, in force now."""
    inputs.copy_products()
    inputs.review(system("second"), version, verdict="approve", note="逐条核对")
    certificates.start_impact(system("second"), version)
    walked(version)
    inputs.activate(system("first"), version, on=date(2020, 1, 1))


def table(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A CSV as a spreadsheet would save it."""
    out = io.StringIO(newline="")
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def substances(*more: Mapping[str, str]) -> bytes:
    """The substances of the repository's rulebook and some more."""
    with (RULEBOOK / "substances.csv").open(encoding="utf-8", newline="") as file:
        return table([*csv.DictReader(file), *more])


def ban(substance: str, **more: str) -> dict[str, str]:
    row = {"substance_zh": substance, "measure": "banned", "crop_classes": "*", "effective_from": "2026-01-01"}
    return row | {"announcement": "测试公告第1号", "confidence": "source"} | more


def sprayed(number: str = "示例-0001", **more: Any) -> dict[str, str]:
    """One row of a products table: imidacloprid on apples, unless told otherwise."""
    row = {"registration_no": number, "name": "示例·吡虫啉10%可湿性粉剂", "kind": "pesticide", "actives": "吡虫啉"}
    row |= {"crop": "苹果", "phi_days": "14", "max_uses": "2", "dose_max": "20", "dose_unit": "g_per_mu"}
    return row | {"toxicity": "low", "example": "1"} | {key: str(value) for key, value in more.items()}


def draft_rulebook(version: str = "2027-test.1", *more: Mapping[str, str], products: bytes | None = None) -> str:
    """A draft with some more substances, an impact report against the version in force; its word."""
    inputs.import_tables(
        system("first"),
        version=version,
        title="测试版",
        effective_from=date(2027, 1, 1),
        source="测试公告",
        substances=substances(*more),
        products=products,
    )
    inputs.copy_products()
    certificates.start_impact(system("second"), version)
    walked(version)
    return version
