"""Numbers and names by which a subject is known, and what of them may be shown to strangers.

The credit code's check digit is our own: python-stdnum refuses codes whose first eight characters are not digits, such
as N2… of rural collectives. The same library refuses people born before their county code existed.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from backend.base import vocab
from backend.base.errors import RuleBroken

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, Z, S, V
CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
CREDIT_CODE = re.compile(f"[{CREDIT_ALPHABET}]{{2}}[0-9]{{6}}[{CREDIT_ALPHABET}]{{10}}")
PERSON_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
PERSON_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
PERSON_CHECKS = "10X98765432"
MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}")
GTIN_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class Identity:
    """`kind` is credit_code or person_id; `key` is only ever hashed, for uniqueness; `shown` may be kept."""

    kind: str
    key: str
    shown: str


def plain(text: str) -> str:
    """What was meant: full-width digits and letters made narrow, upper case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def credit_code_check(first_17: str) -> str:
    """The 18th character of a unified social credit code, GB 32100-2015 (mod 31, weights 3^(i-1))."""
    total = sum(CREDIT_ALPHABET.index(char) * weight for char, weight in zip(first_17, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def credit_code(typed: str) -> str:
    """The code as stored. Raises RuleBroken `credit_code_malformed`, `credit_code_check_digit`."""
    code = plain(typed)
    if not CREDIT_CODE.fullmatch(code):
        raise RuleBroken("credit_code_malformed", field="credit_code")
    if credit_code_check(code[:17]) != code[17]:
        raise RuleBroken("credit_code_check_digit", field="credit_code")
    return code


def person_id_check(first_17: str) -> str:
    """The 18th character of a resident identity number, GB 11643-1999."""
    return PERSON_CHECKS[sum(int(d) * w for d, w in zip(first_17, PERSON_WEIGHTS, strict=True)) % 11]


def person_id(typed: str, *, today: date) -> str:
    """A resident identity number with a possible date of birth. Raises RuleBroken `person_id_*`.

    The county code is not looked up: people keep the number of counties that were renamed or merged long ago.
    """
    number = plain(typed)
    if not PERSON_ID.fullmatch(number):
        raise RuleBroken("person_id_malformed", field="person_id")
    if not _possible_birth(number[6:14], today):
        raise RuleBroken("person_id_date", field="person_id")
    if person_id_check(number[:17]) != number[17]:
        raise RuleBroken("person_id_check_digit", field="person_id")
    return number


def _possible_birth(digits: str, today: date) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return date(1900, 1, 1) <= born <= today


def identity(kind: str, *, code: str | None, person: str | None, today: date) -> Identity:
    """The one number a kind of producer is known by (vocabulary producer_kinds, `identity`).

    A person's number never leaves this function in the clear except as `key`, which callers only hash. A person may be
    both a smallholder and a buyer, so the kind is part of a person's key. Raises RuleBroken.
    """
    wanted = vocab.get("producer_kinds")[kind]["identity"]
    if code and person:
        raise RuleBroken("identity_twice", field="person_id")
    if code and wanted != "person_id":
        number = credit_code(code)
        return Identity("credit_code", f"credit_code:{number}", number)
    if person and wanted != "credit_code":
        number = person_id(person, today=today)
        return Identity("person_id", f"person_id:{kind}:{number}", mask_person_id(number))
    missing = "person_id" if wanted == "person_id" else "credit_code"
    raise RuleBroken("identity_missing", field=missing, kind=vocab.label("producer_kinds", kind))


def mask_person_id(number: str) -> str:
    """620602199001011234 → 620602********1234."""
    return f"{number[:6]}********{number[-4:]}"


def mask_name(name: str) -> str:
    """张三 → 张*, 欧阳娜娜 → 欧**: the surname's first character, and never more than two stars."""
    return name[:1] + "*" * min(max(len(name) - 1, 1), 2)


def mask_phone(number: str) -> str:
    """13812345678 → 138****5678; a landline keeps its area code and its last two digits."""
    if MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    area = number.partition("-")[0] if "-" in number else number[:4]
    return f"{area}-*****{number[-2:]}"


def phone(typed: str) -> str:
    """A Chinese mobile or landline number. Raises RuleBroken `phone_malformed`."""
    number = plain(typed).removeprefix("+86")
    if not (MOBILE.fullmatch(number) or LANDLINE.fullmatch(number)):
        raise RuleBroken("phone_malformed", field="contact_phone")
    return number


def public_name(name: str, *, kind: str, identity_kind: str) -> str:
    """The name a stranger sees: in full where it is a trade name, masked where it is a person's own."""
    if identity_kind == "person_id" and not vocab.get("producer_kinds")[kind]["trade_name"]:
        return mask_name(name)
    return name


def gtin(typed: str) -> str:
    """A GTIN-8/12/13/14 as 14 digits, zero-padded. Raises RuleBroken `gtin_malformed`, `gtin_check_digit`."""
    digits = plain(typed)
    if len(digits) not in GTIN_LENGTHS or not (digits.isascii() and digits.isdigit()):
        raise RuleBroken("gtin_malformed", field="gtin")
    padded = digits.zfill(14)
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(padded[:13]))
    if -total % 10 != int(padded[13]):
        raise RuleBroken("gtin_check_digit", field="gtin")
    return padded
