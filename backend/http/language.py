"""Which language the caller reads: Chinese unless they prefer English."""

from flask import has_request_context, request

LANGUAGES = ["zh", "zh-CN", "en"]


def wanted() -> str:
    """`zh` or `en`, from Accept-Language; Chinese when nothing is said."""
    if not has_request_context() or not request.accept_languages:
        return "zh"
    return (request.accept_languages.best_match(LANGUAGES, default="zh") or "zh")[:2]
