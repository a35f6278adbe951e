"""What the label of an input asks for on a crop."""

import pytest

from backend.domains.inputs.rules import Label, Product, Rulebook, Withdrawal
from backend.domains.tracing.rules import is_example, waiting_days

SPRAY = Product("A-1", "药", "pesticide", labels=(Label("苹果", 14), Label("仁果类", 21)), example=True)
DRUG = Product("V-1", "兽药", "vet_drug", withdrawals=(Withdrawal("猪", "meat", 28),))
BOOK = Rulebook("2026", (), {"A-1": SPRAY, "V-1": DRUG})


@pytest.mark.parametrize(
    ("number", "crop", "expected"),
    [
        ("A-1", "apple", 21),
        ("A-1", "cabbage", None),
        ("V-1", "apple", None),
        (None, "apple", None),
        ("X", "apple", None),
        ("A-1", "unheard_of", None),
    ],
)
def test_the_longest_fitting_interval_is_told_and_nothing_is_guessed(
    number: str | None, crop: str, expected: int | None
) -> None:
    assert waiting_days(number, crop, BOOK) == expected


def test_a_veterinary_drug_has_its_withdrawal_period() -> None:
    assert waiting_days("V-1", "pig", BOOK) == 28


def test_only_the_catalogue_says_what_is_an_example() -> None:
    assert (is_example("A-1", BOOK), is_example("V-1", BOOK), is_example(None, BOOK)) == (True, False, False)
