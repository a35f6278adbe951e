"""Pure rules on inputs: what is banned for which crop on which day, and what a registered label says.

Sources: the announcements named on each `SubstanceRule`; 农药管理条例 (2022) art. 34 for the pre-harvest interval;
兽药管理条例 art. 38, 40 for withdrawal periods. How sure each rule is travels with it as `confidence`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

BANNING = ("banned", "banned_on_crops", "banned_in_food_animals")
EVERYTHING = "*"
ANIMAL = "animal"
ANIMAL_CLASSES = frozenset({"livestock", "poultry", "egg", "milk", "aquatic"})
# 农药管理条例 art. 34: extremely and highly toxic pesticides are never used on these
TOXIC, NOT_WITH_TOXIC = (
    frozenset({"extreme", "high"}),
    frozenset({"vegetable", "fruit", "tea", "fungus", "chinese_herb"}),
)


@dataclass(frozen=True, slots=True)
class SubstanceRule:
    """One measure on one substance. `crop_classes` are codes of `crop_classes`, `*` for all, `animal` for food animals;
    `effective_from` None means it has always held; `exempt_methods` are application methods it does not touch, each for
    every class or, written `method@class`, for one."""

    substance: str
    measure: str
    crop_classes: tuple[str, ...]
    effective_from: date | None
    announcement: str
    confidence: str
    note: str = ""
    exempt_methods: tuple[str, ...] = ()

    def in_force(self, day: date) -> bool:
        return self.effective_from is None or day >= self.effective_from

    def exempts(self, method: str | None, crop_class: str) -> bool:
        return method is not None and (method in self.exempt_methods or f"{method}@{crop_class}" in self.exempt_methods)

    def covers(self, crop_class: str, day: date) -> bool:
        """Whether it is in force on that day for that class."""
        if not self.in_force(day):
            return False
        animal = crop_class in ANIMAL_CLASSES
        return (
            EVERYTHING in self.crop_classes
            or crop_class in self.crop_classes
            or (animal and ANIMAL in self.crop_classes)
        )


@dataclass(frozen=True, slots=True)
class Label:
    """What a registration says for one crop: days before harvest (安全间隔期), uses a season, the largest dose.

    `dose_base` is that dose as exact decimal text in grams or millilitres a mu (`dose_of` mass or volume), or the
    smallest dilution (`dose_of` dilution); None when the label says none or in words nobody can compare."""

    crop: str
    phi_days: int
    max_uses: int | None = None
    dose_max: str | None = None
    dose_unit: str | None = None
    dose_base: str | None = None
    dose_of: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """休药期: days from the last use on an animal to its meat, egg or milk; `forbidden`: never given to animals that
    give it (产蛋期禁用、泌乳期禁用)."""

    animal: str
    produce: str
    days: int
    forbidden: bool = False


@dataclass(frozen=True, slots=True)
class Product:
    """A registered input. `kind` is a code of `input_kinds`; `example` marks invented demonstration data. `toxicity` is
    a code of `toxicities`; `not_with` the traits (codes of `mix_traits`) and substances its label forbids in one tank.
    """

    registration_no: str
    name: str
    kind: str
    manufacturer: str = ""
    actives: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    restricted: bool = False
    example: bool = False
    toxicity: str = ""
    traits: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The substance rules of one version, and the catalogue products a decision needs, by registration number."""

    version: str
    substances: tuple[SubstanceRule, ...]
    products: Mapping[str, Product] = field(default_factory=dict)

    def on(self, substance: str) -> Iterable[SubstanceRule]:
        return (rule for rule in self.substances if rule.substance == substance)


def ban(
    substance: str, crop_class: str, day: date, rulebook: Rulebook, *, method: str | None = None
) -> SubstanceRule | None:
    """The rule that forbids this substance on this class on this day, the longest in force first; None when none does.

    `method` is the application method: seed coating is exempt from the fipronil rule, for one.
    """
    found = [
        rule
        for rule in rulebook.on(substance)
        if rule.measure in BANNING and rule.covers(crop_class, day) and not rule.exempts(method, crop_class)
    ]
    return min(found, key=lambda rule: rule.effective_from or date.min, default=None)


def restriction(substance: str, day: date, rulebook: Rulebook) -> SubstanceRule | None:
    """The rule that restricts sale or use without forbidding it (限制使用农药名录); None when none does."""
    restricting = (rule for rule in rulebook.on(substance) if rule.measure not in BANNING)
    return next((rule for rule in restricting if rule.covers(EVERYTHING, day)), None)


def label_for(product: Product, crop_names: Iterable[str]) -> Label | None:
    """The label that answers to any of these names; of several the one with the longest interval, to be safe."""
    names = set(crop_names)
    return max(
        (label for label in product.labels if label.crop in names), key=lambda label: label.phi_days, default=None
    )


def withdrawal_for(product: Product, crop_names: Iterable[str], produce: str) -> Withdrawal | None:
    """The withdrawal period for this animal's produce (`meat`, `egg`, `milk`); of several the longest."""
    names = set(crop_names)
    fitting = (row for row in product.withdrawals if row.animal in names and row.produce == produce)
    return max(fitting, key=lambda row: (row.forbidden, row.days), default=None)


def too_toxic(product: Product, crop_class: str) -> bool:
    """Whether its toxicity alone keeps it from this class of crops (农药管理条例 art. 34)."""
    return product.toxicity in TOXIC and crop_class in NOT_WITH_TOXIC


def clashes(product: Product, other: Product) -> bool:
    """Whether the label of `product` forbids `other` in the same tank."""
    return bool(set(product.not_with) & {*other.traits, *other.actives})
