"""Pure rules of searching the catalogue: what a text is found by, and what must be there for a question."""

import re

# 农业部公告第2579号, 三: the unit code on a pesticide's label has 32 digits. The first says the category of the
# registration, the next six are the last of its number; what follows (maker, pack, a random part) is not ours.
LABEL_CODE = re.compile(r"([123])([0-9]{6})[0-9]{25}\Z")
CATEGORIES = {"PD": "1", "WP": "2", "LS": "3"}
NUMBER = re.compile(r"(PD|WP|LS)[0-9F-]*([0-9]{6})\Z")


def label_tokens(registration_no: str) -> tuple[str, ...]:
    """What the code on its label is found by: none for a number that is not of the pesticide register's form."""
    match = NUMBER.match(registration_no.upper())
    return (f"#{CATEGORIES[match[1]]}{match[2]}",) if match else ()


def tokens(text: str) -> tuple[str, ...]:
    """What a text is found by: each run of two characters of Chinese, each prefix of a Latin word or number."""
    found: dict[str, None] = {}
    for word in _words(text.lower()):
        if word[0].isascii():
            found.update(dict.fromkeys(word[:cut] for cut in range(min(2, len(word)), min(len(word), 12) + 1)))
        else:
            found.update(dict.fromkeys([word[i : i + 2] for i in range(len(word) - 1)] or [word]))
    return tuple(found)


def _words(text: str) -> list[str]:
    """Runs of letters and digits, split where ASCII and other scripts meet."""
    words: list[str] = []
    for character in text:
        if not character.isalnum():
            words.append("")
        elif words and words[-1] and words[-1][-1].isascii() == character.isascii():
            words[-1] += character
        else:
            words.append(character)
    return [word for word in words if word]


def search_tokens(text: str) -> tuple[str, ...]:
    """The tokens that all must be there, the most telling (longest) first; of a label's code the registration alone."""
    if code := LABEL_CODE.match(text.strip()):
        return (f"#{code[1]}{code[2]}",)
    wanted = [token for word in _words(text.lower()) for token in _wanted(word)]
    return tuple(sorted(dict.fromkeys(wanted), key=len, reverse=True))


def _wanted(word: str) -> list[str]:
    if word[0].isascii():
        return [word[:12]]
    return [word[i : i + 2] for i in range(len(word) - 1)] or [word]
