"""Whatever an editor types, the page gets text, never a script, a foreign picture or a strange link."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from backend.domains.articles.service.rendering import html

PIECES = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=a>",
        '<a href="x">',
        "<!-- -->",
        "&lt;",
        "![](http://x/y.png)",
        "[a](javascript:alert(1))",
        "[b](JaVaScRiPt:x)",
        "[c](<javascript:x>)",
        "[d](data:text/html;base64,x)",
        "[e]: javascript:x\n\n[e]",
        "[f](https://a.b)",
        "<https://ok.cn>",
        "<javascript:x>",
        "**粗**",
        "`code`",
        "\n\n",
        "> ",
        "- ",
    ]
)


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


def seen(markdown: str) -> Seen:
    parser = Seen()
    parser.feed(html(markdown))
    return parser


@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=12).map("".join))
def test_no_markdown_becomes_anything_dangerous(markdown: str) -> None:
    found = seen(markdown)
    assert not found.tags & {"script", "img", "iframe", "style", "object", "form", "input", "svg"}
    assert found.attributes <= {"href", "rel", "title", "class", "start"}
    assert all(link.lower().startswith(("http://", "https://")) for link in found.links)


def test_headings_lists_and_links_are_kept() -> None:
    page = html("## 怎么洗\n\n1. 冲\n2. 泡\n\n见[标准](https://a.cn/b)。")
    assert "<h2>怎么洗</h2>" in page and "<li>冲</li>" in page
    assert '<a href="https://a.cn/b" rel="nofollow noopener">标准</a>' in page
