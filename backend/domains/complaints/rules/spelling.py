"""A receipt said in words: each of its letters has one simple Chinese character, for those who write no Latin letters.
What was written in those characters is read again, mixed with letters and spaced as people do."""

from backend.base import vocab

VOCABULARY = "receipt_letters"


def spoken(receipt: str, lang: str = "zh") -> str:
    """The receipt in the words of its letters, grouped as it is itself: `K3` is 云三; English words are spaced."""
    words = vocab.get(VOCABULARY)
    between = "" if lang == "zh" else " "
    groups = (between.join(words[letter].label(lang) for letter in group) for group in receipt.split("-"))
    return (" " if lang == "zh" else " · ").join(groups)


def typed(text: str) -> str:
    """Letters again: Chinese characters of the list become theirs, all else stays as it was."""
    return text.translate({ord(term.zh): term.code for term in vocab.get(VOCABULARY)})
