"""Any season a gate could be asked about: rulebooks, lands and herds, deeds with their amendments, officers' words.

Days lie around `HARVEST`, most of them where intervals end; what is drawn is data only, and judges nothing.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from backend.domains.certificates import rules
from backend.domains.farming.rules import Beside, Crop, GateRecord, Use
from backend.domains.inputs.rules import Label, Product, Rulebook, SubstanceRule, Withdrawal

HARVEST = date(2026, 9, 1)
TODAY = HARVEST + timedelta(400)
CROPS = (
    Crop("apple", "fruit", ("苹果", "仁果类")),
    Crop("cabbage", "vegetable", ("甘蓝",)),
    Crop("maize", "maize", ("玉米",)),
    Crop("broiler", "poultry", ("鸡",), "meat"),
    Crop("egg", "egg", ("鸡",), "egg"),
    Crop("milk", "milk", ("牛",), "milk"),
    Crop("carp", "aquatic", ("鱼",)),
)
SUBSTANCES = ("甲", "乙", "丙")
PESTICIDES = tuple(f"农-{number}" for number in range(3))
DRUGS = tuple(f"兽-{number}" for number in range(2))
MANURE = "肥-0"
VOUCHED = (
    ("unknown_input", "no_label"), ("no_label", "dose", "mix"), ("uses",), ("mix", "uses", "dose"),
    ("phi", "withdrawal"), ("banned", "toxic", "produce", "uses"),
)  # fmt: skip

SPANS = (range(-5, 3), range(-35, 4), range(-35, 4), range(-120, -35))  # most around the ends of intervals
DAYS = st.sampled_from([day for span in SPANS for day in span])


def book_of(seed: int) -> Rulebook:
    """Registrations with their labels and withdrawal periods, and announcements on what is in them. By chance and not
    by strategies: what a rulebook says is no simpler for being smaller, and so it costs nothing to draw."""
    chance = random.Random(seed)
    products = {MANURE: Product(MANURE, "有机肥", "fertiliser", actives=_actives(chance))}
    for number in PESTICIDES:
        toxicity = chance.choice(("", "", "", "low", "high", "extreme"))
        traits, shuns = chance.choice((((), ()), (("alkaline",), ()), ((), ("alkaline", "甲"))))
        more = {"toxicity": toxicity, "traits": traits, "not_with": shuns, "restricted": chance.random() < 0.5}
        more |= {"actives": _actives(chance), "labels": _labels(chance)}
        products[number] = Product(number, f"{number}药", "pesticide", **more)
    for number in DRUGS:
        more = {"actives": _actives(chance), "withdrawals": _withdrawals(chance)}
        products[number] = Product(number, f"{number}药", "vet_drug", **more)
    return Rulebook("2026.1", tuple(_announcement(chance) for _ in range(chance.randint(1, 5))), products)


def _actives(chance: random.Random) -> tuple[str, ...]:
    return chance.choice(((), ("甲",), ("乙",), ("甲", "丙")))


def _labels(chance: random.Random) -> tuple[Label, ...]:
    """Most names a crop may have on a label, each with its own interval, all different: which label governs is never
    left to their order."""
    names = chance.sample(("苹果", "仁果类", "甘蓝", "玉米"), chance.choice((4, 4, 3, 1)))
    doses = ((None, None), ("20", "mass"), ("20", "mass"), ("800", "dilution"))
    return tuple(
        Label(name, wait, chance.choice((None, 1, 1, 2)), None, None, *chance.choice(doses))
        for name, wait in zip(names, chance.sample(range(31), len(names)), strict=True)
    )


def _withdrawals(chance: random.Random) -> tuple[Withdrawal, ...]:
    """Most produce of most animals, some of it twice, some of it forbidden."""
    produce = (("鸡", "meat"), ("鸡", "egg"), ("牛", "milk"), ("牛", "meat"), ("鱼", "meat"))
    there = chance.sample((*produce, *produce[:3]), chance.choice((8, 8, 7, 3)))
    return tuple(Withdrawal(animal, gives, chance.randint(0, 30), chance.random() < 0.2) for animal, gives in there)


def _announcement(chance: random.Random) -> SubstanceRule:
    measures = ("banned", "banned", "banned_on_crops", "banned_in_food_animals", "restricted", "restricted_sale")
    classes = (("*",), ("*",), ("fruit",), ("vegetable", "egg"), ("animal",), ("maize", "milk"))
    exempt = ((), ("bait",), ("bait@maize", "bait@fruit"), ("bait@egg",))
    since = chance.choice((None, *(HARVEST + timedelta(chance.choice(span)) for span in (SPANS[0], *SPANS[:2]))))
    substance, measure = chance.choice(SUBSTANCES), chance.choice(measures)
    touched, free = chance.choice(classes), chance.choice(exempt)
    return SubstanceRule(substance, measure, touched, since, "公告", "source", exempt_methods=free)


@cache
def among(*options: Any) -> st.SearchStrategy[Any]:
    """Made once: a strategy costs more to make than to draw from."""
    return st.sampled_from(options)


DOSES = among((None, None), ("20", "mass"), ("21", "mass"), ("799", "dilution"), ("800", "dilution"))
LANDS = among((), ("S1",), ("S2",), ("S1", "S2"))
KINDS = among("pesticide", "fertilising", "treatment", "fertilising", "weeding")
UNKNOWN = among(("无名药", None), ("无名药", "PD20210001"), ("含 甲粉", None))
SEEDS = st.integers(0, 2**32)


def _use(draw: st.DrawFn, book: Rulebook, crop: Crop, habit: int) -> Use:
    """Mostly what is meant for such a crop or herd, sometimes anything, sometimes what nobody knows. `habit`: among how
    many products the farmer chooses."""
    meant = (PESTICIDES if crop.crop_class in ("fruit", "vegetable", "maize") else DRUGS)[:habit]
    number = draw(among(*meant * (6 // len(meant)), PESTICIDES[0], DRUGS[0], MANURE, None))
    if number is None:
        name, number = draw(UNKNOWN)
        kind = draw(among("pesticide", "vet_drug", "feed", "feed"))
    else:
        name, kind = book.products[number].name, book.products[number].kind
    return Use(name, number, kind, draw(among(None, "foliar_spray", "bait", "bait")), *draw(DOSES))


def _deed(draw: st.DrawFn, name: str, book: Rulebook, crops: Sequence[Crop], habit: int) -> list[GateRecord]:
    """One deed with all its versions, not in their order, the newest of which counts; of one day or several, entered
    late or not."""
    batch, made = draw(among(*range(len(crops)))), []
    for version in range(draw(among(1, 1, 2, 3)), 0, -1):
        begun, lasted = HARVEST + timedelta(draw(DAYS)), timedelta(draw(among(0, 0, 1, 4)))
        inputs = tuple(_use(draw, book, crops[batch], habit) for _ in range(draw(among(1, 2, 3))))
        known = begun + timedelta(draw(among(0, 40)))
        told = (f"{name}.{version}", name, version, draw(KINDS), f"B{batch}", begun, begun + lasted, known, inputs)
        made.append(GateRecord(*told, site_ids=draw(LANDS)))
    return made[1:] + made[:1] if draw(among(False, True)) else made


def _words(draw: st.DrawFn, records: list[GateRecord]) -> tuple[rules.Override, ...]:
    """Officers' words for some inputs of some versions, some for what nobody may vouch for, some in nobody's name."""
    vouched = [(record, use) for record in records for use in record.uses if draw(among(False, False, True))]
    by, said = among("officer", "officer", "officer", ""), among(*VOUCHED)
    return tuple(rules.Override(record.id, use.name, draw(by), draw(said)) for record, use in vouched)


def _announced_on(book: Rulebook, day: date) -> Rulebook:
    """With every measure in force from that day on, on which a deed of some days may end."""
    return replace(book, substances=tuple(replace(rule, effective_from=day) for rule in book.substances))


@st.composite
def seasons(draw: st.DrawFn) -> rules.Case:
    """A lot of up to three harvests on different days, of one's own batches or in part bought, with all their logs."""
    book, crops = book_of(draw(SEEDS)), [draw(among(*CROPS)) for _ in range(draw(among(1, 1, 2, 3)))]
    habit, many = draw(among(1, 3)), range(draw(among(1, 2, 4, 6)))
    log = [version for number in many for version in _deed(draw, f"s{number}", book, crops, habit)]
    book = _announced_on(book, log[0].ended_on) if draw(among(False, True)) else book
    origins, records = [], list(log)
    for number in range(draw(among(1, 2, 3))):
        batch, day = draw(among(*range(len(crops)))), HARVEST - timedelta(draw(among(0, 0, 3, 20)))
        root, of_batch = f"h{number}", f"B{batch}"
        beside, since = _beside(draw, batch, crops), HARVEST - timedelta(draw(among(2, 20, 90)))
        told = (f"L{number}", "P", crops[batch], root, day, (of_batch,))
        origins.append(rules.Origin(*told, beside=beside, since=since))
        records += [
            GateRecord(f"w{number}", f"w{number}", 1, "weeding", of_batch, *[HARVEST - timedelta(300)] * 3),
            GateRecord(root, root, 1, "harvest", of_batch, day, day, day, quantity_base=1000, yields=True),
        ]
    return _asked(book, origins, records, _words(draw, log), bought=draw(among(False, True)))


def _beside(draw: st.DrawFn, batch: int, crops: Sequence[Crop]) -> tuple[Beside, ...]:
    """Some of the other batches, on some of the land, under way at once or not."""
    others = [other for other in range(len(crops)) if other != batch and draw(among(False, True))]
    return tuple(Beside(f"B{other}", draw(among(("S1",), ("S1", "S2"))), draw(among(False, True))) for other in others)


def _asked(
    book: Rulebook, origins: list[rules.Origin], records: list[GateRecord], vouched: Any, *, bought: bool
) -> Any:
    """`bought`: the last harvest is another's, which came under its certificate."""
    form = rules.Template("form", "buyer" if bought else "producer", ("quality_control",), (), date(2020, 1, 1))
    if bought:
        origins = [*origins[:-1], replace(origins[-1], producer_id="OTHER")]
    lot = rules.Lot("LOT", origins[0].crop, "货", True, "", HARVEST, 1000, 0, 1000, "kg", False)
    return rules.Case(
        lot, rules.Subject("P", "active", bought), tuple(records), book, form, ("quality_control",), 500, TODAY,
        overrides=vouched, edition=rules.EDITION, origins=tuple(origins),
        inlets=(rules.Inlet(origins[-1].lot_id, 1, 1),) if bought else (),
        incoming=(rules.Parent("C", True, origins[-1].lot_id, 1),) if bought else (),
    )  # fmt: skip
