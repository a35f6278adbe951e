"""Whether a version is well formed, all of it, before any of it is kept; what is not is named by row and column."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from mongoengine.errors import ValidationError

from backend.base import vocab
from backend.base.errors import RuleBroken
from backend.domains.inputs import rules
from backend.domains.inputs.models import MAX_SUBSTANCES, CatalogueProduct, LabelRow, SubstanceRow, WithdrawalRow
from backend.domains.inputs.service import tables

VERSION_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*\Z")
NEEDED = ("registration_no", "name", "kind")
NESTED = {"labels": LabelRow, "withdrawals": WithdrawalRow}
NUMBERS = {"labels": ("phi_days", "max_uses"), "withdrawals": ("days",)}
OPTIONAL = frozenset({"max_uses"})
DERIVED = frozenset({"id", "version", "tokens"})
SAID_ELSE = {"substance": "substance_zh"}
MAX_TOKENS = 300
LENGTHS = {"version": 40, "title": 120, "source": 400}


def bad(row: int, column: str, value: Any) -> RuleBroken:
    return RuleBroken("rulebook_row_malformed", row=row, column=column, value=str(value)[:80])


def substances(rows: Sequence[Mapping[str, str]]) -> list[SubstanceRow]:
    """Rules on substances; the first row is the second line of its table. Raises RuleBroken `rulebook_row_malformed`,
    `rulebook_names_unseparated`, `rulebook_table_too_long`."""
    if len(rows) > MAX_SUBSTANCES:
        raise RuleBroken("rulebook_table_too_long", limit=MAX_SUBSTANCES)
    exempt = _exemptions()
    return [_substance(number, row, exempt) for number, row in enumerate(rows, 2)]


def _substance(number: int, said: Mapping[str, str], exempt: set[str]) -> SubstanceRow:
    row = {str(column): rules.cleaned(cell or "") for column, cell in said.items() if isinstance(cell, str | None)}
    if not row.get("substance_zh"):
        raise bad(number, "substance_zh", "")
    tables.check_name(number, "substance_zh", row["substance_zh"])
    if row.get("measure") not in vocab.get("substance_measures"):
        raise bad(number, "measure", row.get("measure"))
    made = SubstanceRow(
        substance=row["substance_zh"],
        name_en=row.get("name_en", ""),
        cas=row.get("cas", ""),
        measure=row["measure"],
        crop_classes=list(_codes(number, "crop_classes", row, {*vocab.get("crop_classes").codes, "*", "animal"})),
        effective_from=_day(number, row),
        announcement=row.get("announcement", ""),
        confidence=row.get("confidence", ""),
        exempt_methods=list(_codes(number, "exempt_methods", row, exempt)),
        note=row.get("note", ""),
    )
    _validate(number, made)
    return made


def _codes(number: int, column: str, row: Mapping[str, str], known: set[str]) -> Iterator[str]:
    for code in filter(None, map(rules.cleaned, row.get(column, "").split("|"))):
        if code not in known:
            raise bad(number, column, code)
        yield code


def _exemptions() -> set[str]:
    """A method for every class of crops, or `method@class` for one."""
    methods, classes = vocab.get("application_methods").codes, vocab.get("crop_classes").codes
    return {*methods, *(f"{method}@{one}" for method in methods for one in classes)}


def _day(number: int, row: Mapping[str, str]) -> str:
    text = row.get("effective_from", "")
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        raise bad(number, "effective_from", text) from error


def _validate(number: int, made: Any) -> None:
    try:
        made.validate()
    except ValidationError as error:
        column = next(iter(error.to_dict()), "")
        raise bad(number, SAID_ELSE.get(column, column), getattr(made, column, "")) from error


def catalogue(products: Sequence[Mapping[str, Any]], version: str) -> list[CatalogueProduct]:
    """Products as they are stored, each registration once. Raises RuleBroken as `substances` does, and
    `rulebook_rows_contradict` for a registration number that comes twice."""
    made, seen = [], dict[str, int]()
    for number, row in enumerate(products, 1):
        made.append(_product(number, row, version))
        first = seen.setdefault(made[-1].registration_no, number)
        if first != number:
            raise RuleBroken("rulebook_rows_contradict", row=number, first=first, column="registration_no")
    return made


def _product(number: int, said: Mapping[str, Any], version: str) -> CatalogueProduct:
    if not isinstance(said, Mapping):
        raise bad(number, "registration_no", said)
    row = {key: _clean(value) for key, value in said.items()}
    _check_shape(number, row)
    _check_words(number, row)
    _check_numbers(number, row)
    words = " ".join([row["registration_no"], row["name"], row.pop("pinyin", ""), *row.get("actives", ())])
    found_by = [*rules.label_tokens(row["registration_no"]), *rules.tokens(words)][:MAX_TOKENS]
    made = CatalogueProduct(id=f"{row['registration_no']}@{version}", version=version, tokens=found_by, **row)
    _validate(number, made)
    return made


def _clean(value: Any) -> Any:
    """Its texts cleaned, however deep they stand."""
    if isinstance(value, str):
        return rules.cleaned(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return {key: _clean(one) for key, one in value.items()} if isinstance(value, dict) else value


def _check_shape(number: int, row: Mapping[str, Any]) -> None:
    """Names of columns and what kind of thing stands in each."""
    for column, value in row.items():
        if column in DERIVED or column not in {*_names(CatalogueProduct), "pinyin"}:
            raise bad(number, column, value)
        if not _fits(column, value):
            raise bad(number, column, value)
    for column in NEEDED:
        if not row.get(column):
            raise bad(number, column, row.get(column))


def _names(model: Any) -> frozenset[str]:
    return frozenset(model._fields)


def _fits(column: str, value: Any) -> bool:
    if column in NESTED:
        known = _names(NESTED[column])
        return isinstance(value, list) and all(isinstance(one, dict) and known.issuperset(one) for one in value)
    if column in tables.LISTS:
        return isinstance(value, list) and all(isinstance(one, str) and one for one in value)
    return isinstance(value, bool if column in tables.FLAGS else str)


def _check_words(number: int, row: Mapping[str, Any]) -> None:
    """Codes and names that the rules read: a misspelt one would be passed over in silence."""
    if row["kind"] not in vocab.get("input_kinds"):
        raise bad(number, "kind", row["kind"])
    if row.get("toxicity") and row["toxicity"] not in vocab.get("toxicities"):
        raise bad(number, "toxicity", row["toxicity"])
    for trait in row.get("traits", ()):
        if trait not in vocab.get("mix_traits"):
            raise bad(number, "traits", trait)
    for column in ("actives", "not_with"):
        for name in row.get(column, ()):
            tables.check_name(number, column, name)


def _check_numbers(number: int, row: Mapping[str, Any]) -> None:
    """Whole numbers of days and uses from nought on, doses that are one number in a unit for doses."""
    for part, columns in NUMBERS.items():
        for one in row.get(part, ()):
            for column in columns:
                value = one.get(column)
                missing = value is None and column in OPTIONAL
                if not missing and (type(value) is not int or value < 0):
                    raise bad(number, column, value)
    for label in row.get("labels", ()):
        said, unit = label.get("dose_max"), vocab.get("units").get(label.get("dose_unit") or "", {})
        if said and not (isinstance(said, str) and rules.is_amount(said)):
            raise bad(number, "dose_max", said)
        if said and unit.get("dimension") not in ("dose", "dilution"):
            raise bad(number, "dose_unit", label.get("dose_unit"))


def manifest(said: Mapping[str, Any]) -> dict[str, str]:
    """The words on the whole version. Raises RuleBroken `rulebook_manifest_malformed`."""
    words = {name: rules.cleaned(str(said.get(name) or "")) for name in (*LENGTHS, "effective_from")}
    for name, most in LENGTHS.items():
        if len(words[name]) > most or (name == "version" and not VERSION_WORD.match(words[name])):
            raise RuleBroken("rulebook_manifest_malformed", column=name, value=words[name][:80])
    try:
        words["effective_from"] = date.fromisoformat(words["effective_from"]).isoformat()
    except ValueError as error:
        column = "effective_from"
        raise RuleBroken("rulebook_manifest_malformed", column=column, value=words[column][:80]) from error
    return words
