"""Pure rules of searching the catalogue: what a text is found by, and what must be there for a question."""


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
    """The tokens that all must be there, the most telling (longest) first."""
    wanted = [token for word in _words(text.lower()) for token in _wanted(word)]
    return tuple(sorted(dict.fromkeys(wanted), key=len, reverse=True))


def _wanted(word: str) -> list[str]:
    if word[0].isascii():
        return [word[:12]]
    return [word[i : i + 2] for i in range(len(word) - 1)] or [word]
