"""Markdown to HTML: no raw HTML, links to the open web only."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

SCHEMES = ("https://", "http://")


class Safe(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return url.strip().lower().startswith(SCHEMES)


def _link(self: Any, tokens: list[Token], place: int, options: Any, env: Mapping[str, Any]) -> str:
    tokens[place].attrSet("rel", "nofollow noopener")
    return str(self.renderToken(tokens, place, options, env))


@cache
def _renderer() -> MarkdownIt:
    made = Safe("commonmark", {"html": False, "linkify": False}).disable("image")
    made.add_render_rule("link_open", _link)
    return made


def html(markdown: str) -> str:
    """The article's body, safe to put on a page as it is."""
    return str(_renderer().render(markdown))
