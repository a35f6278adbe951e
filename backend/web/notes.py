"""Kind pages for what goes wrong: an unknown code, an unreadable photo, a page that does not exist, our own failure."""

from functools import cache
from typing import Any

from backend.base import vocab
from backend.web import pages

Advice = tuple[tuple[str, str], ...]
TITLES: dict[str, tuple[str, str]] = {
    "trace_not_found": ("没有查到", "Not found"),
    "link_malformed": ("链接不对", "Not a valid link"),
    "link_type_missing": ("没有这类链接", "No such link"),
    "link_gtin_alone": ("还要批号", "The lot is missing"),
    "code_missing": ("还没有输入", "Nothing typed"),
    "code_foreign": ("不是本平台的码", "Not our code"),
    "code_not_seen": ("没有找到二维码", "No code found"),
    "article_not_found": ("没有这篇文章", "No such article"),
    "not_found": ("没有这个页面", "No such page"),
    "app_not_built": ("手机应用还没有装好", "The app is not installed"),
    "unavailable": ("请稍等一下", "Please wait a moment"),
    "internal_error": ("我们出了点问题", "Something went wrong"),
    "too_many_requests": ("请慢一点", "A little slower, please"),
}
SHAPES = {"unavailable": "pause", "too_many_requests": "pause", "code_foreign": "alert", "internal_error": "alert"}
ADVICE: dict[str, Advice] = {
    "trace_not_found": (
        (
            "对照包装上的 12 位追溯码再输一次；字母 O 和数字 0、字母 I 和数字 1 不必分辨。",
            "Compare the 12 characters on the package and type them again; O and 0, I and 1 are the same to us.",
        ),
        ("如果标签破损，请让卖家提供合格证。", "If the label is damaged, ask the seller for the certificate."),
        (
            "如果码很清楚却查不到，这张标签可能不是本平台的，请谨慎购买，可拨打 12315。",
            "If the code is clear and still unknown, the label may not be ours: be careful, and call 12315 in China.",
        ),
    ),
    "code_not_seen": (
        ("让二维码占满画面，光线亮一些，避免反光。", "Let the code fill the picture, in good light, without glare."),
        ("或者直接输入二维码下面的 12 位追溯码。", "Or type the 12 characters printed below the code."),
    ),
    "code_foreign": (
        (
            "不认识的二维码请不要打开，更不要在打开的页面里填写密码或付款。",
            "Do not open codes you do not know, and never pay or type a password there.",
        ),
    ),
}
DEFAULT_SHAPE = "question"


SPOKEN = ("http", "tracing", "complaints", "articles", "files", "evidence", "exchange_standards")


@cache
def _reasons() -> dict[str, vocab.Term]:
    return {term.code: term for name in SPOKEN for term in vocab.get(f"reasons_{name}")}


def page(reason: str, lang: str, *, named: str = "", here: str | None = None) -> str:
    """The page for a reason word; a word without its own title gets the general one. `named` is shown, never linked."""
    term = _reasons().get(reason) or _reasons()["bad_request"]
    place = 1 if lang == "en" else 0
    return pages.render(
        "message.html",
        lang,
        here=here,
        title=TITLES.get(reason, ("这样不行", "That did not work"))[place],
        text=term.label(lang),
        figure=SHAPES.get(reason, DEFAULT_SHAPE),
        advice=_advice(reason, term, lang),
        named=named,
    )


def _advice(reason: str, term: vocab.Term, lang: str) -> list[str]:
    if reason in ADVICE:
        return [line[1 if lang == "en" else 0] for line in ADVICE[reason]]
    hint: Any = term.get(f"hint_{lang}")
    return [hint] if hint else []
