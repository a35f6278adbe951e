"""Markdown to HTML: no raw HTML, links to the open web only, pictures of the article alone.

A picture is a paragraph of its own, `![caption](name)` with the name of one of the article's pictures; an address in
its place is text like any other.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from backend.gateways import files

SCHEMES = ("https://", "http://")
FIGURE = re.compile(r"!\[([^\[\]\n]{0,200})\]\(([0-9A-Za-z][0-9A-Za-z_-]{7,39})\)\s*\Z")
PICTURE_LIKE = re.compile(r"!\[")
SIZES = "(max-width: 40rem) 92vw, 38rem"


class Safe(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return url.strip().lower().startswith(SCHEMES)


def _link(self: Any, tokens: list[Token], place: int, options: Any, env: Mapping[str, Any]) -> str:
    tokens[place].attrSet("rel", "nofollow noopener")
    return str(self.renderToken(tokens, place, options, env))


def _figure_line(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """A line that is a picture and nothing else; inside a list or a quotation there is none."""
    found = FIGURE.match(state.src, state.bMarks[start] + state.tShift[start], state.eMarks[start])
    if found is None or state.level or state.is_code_block(start):
        return False
    if not silent:
        state.line = start + 1
        token = state.push("figure", "", 0)
        token.map, token.meta = [start, state.line], {"caption": found[1].strip(), "name": found[2]}
    return True


def _figure(_self: Any, tokens: list[Token], place: int, _options: Any, env: Mapping[str, Any]) -> str:
    said = tokens[place].meta
    known = env["pictures"].get(said["name"])
    return f"<p>{escape(said['caption'])}</p>\n" if known is None else figure(known, said["caption"]) + "\n"


@cache
def _renderer() -> MarkdownIt:
    made = Safe("commonmark", {"html": False, "linkify": False}).disable("image")
    made.block.ruler.before("paragraph", "figure", _figure_line, {"alt": ["paragraph", "reference"]})
    made.add_render_rule("link_open", _link)
    made.add_render_rule("figure", _figure)
    return made


def html(markdown: str, pictures: Sequence[Mapping[str, Any]] = ()) -> str:
    """The article's body with its pictures, safe to put on a page as it is; a picture it does not place comes first."""
    placed = {name for name, _ in figures(markdown)}
    first = "".join(figure(one, one["caption"]) + "\n" for one in pictures if one["name"] not in placed)
    return first + str(_renderer().render(markdown, {"pictures": {one["name"]: one for one in pictures}}))


def figures(markdown: str) -> list[tuple[str, str]]:
    """(name, caption) of every picture the text places, in its order."""
    tokens = _renderer().parse(markdown)
    return [(token.meta["name"], token.meta["caption"]) for token in tokens if token.type == "figure"]


def stray(markdown: str) -> bool:
    """Whether something is written like a picture and is none: an address, or not a paragraph of its own."""
    return len(PICTURE_LIKE.findall(markdown)) > len(figures(markdown))


def figure(picture: Mapping[str, Any], caption: str) -> str:
    """A picture that takes its place before it arrives, in the width the screen needs; `data-picture` is its name."""

    def sources(kind: str) -> str:
        widths = ((480, 480), (960, picture["width"]))
        return ", ".join(f"{files.picture_path(picture['file_id'], f'{of}.{kind}')} {width}w" for of, width in widths)

    plain = files.picture_path(picture["file_id"], "480.jpg")
    words = f"{escape(caption)} " if caption else ""
    return (
        f'<figure data-picture="{escape(picture["name"])}"><picture>'
        f'<source type="image/webp" srcset="{sources("webp")}" sizes="{SIZES}">'
        f'<img src="{plain}" srcset="{sources("jpg")}" sizes="{SIZES}" width="{picture["width"]}"'
        f' height="{picture["height"]}" alt="{escape(picture["alt"])}" loading="lazy" decoding="async"></picture>'
        f"<figcaption>{words}<small>{escape(picture['credit'])}</small></figcaption></figure>"
    )
