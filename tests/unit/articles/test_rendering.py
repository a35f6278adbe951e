"""Whatever an editor types, the page gets text, never a script, a foreign picture or a strange link."""

from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.articles.service.rendering import figures, html, stray

PICTURE = {
    "name": "picture-0001",
    "file_id": "i" + "0" * 26,
    "width": 960,
    "height": 640,
    "alt": '流水"冲洗',
    "credit": "示例<绘制>",
    "caption": "",
}

PIECES = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=a>",
        '<a href="x">',
        "<!-- -->",
        "&lt;",
        "![](http://x/y.png)",
        "\n\n![冲](picture-0001)\n\n",
        "\n\n![](picture-0002)\n\n",
        "\n\n![](javascript:alert)\n\n",
        "\n\n![](//evil.example/p.png)\n\n",
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
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        for name, value in attrs:
            self.sources += (value or "").split(", ") if name in ("src", "srcset") else []
        self.links += [value or "" for name, value in attrs if name == "href"]


def seen(markdown: str, *pictures: dict[str, object]) -> Seen:
    parser = Seen()
    parser.feed(html(markdown, pictures))
    return parser


@settings(deadline=None)  # the machine is shared
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


@settings(deadline=None)  # the machine is shared
@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=12).map("".join))
def test_no_picture_comes_from_elsewhere(markdown: str) -> None:
    found = seen(markdown, PICTURE)
    assert not found.tags & {"script", "iframe", "style", "object", "svg"}
    assert not [name for name in found.attributes if name.startswith("on")]
    assert all(one.startswith(f"/p/{PICTURE['file_id']}-") for one in found.sources)


def test_a_picture_is_a_figure_that_takes_its_place_before_it_arrives() -> None:
    page = html("先看图。\n\n![先冲<再>泡](picture-0001)\n\n再动手。", [PICTURE])
    assert '<figure data-picture="picture-0001">' in page and "<p><figure" not in page
    assert 'width="960" height="640"' in page and 'loading="lazy"' in page
    assert 'alt="流水&quot;冲洗"' in page
    assert "<figcaption>先冲&lt;再&gt;泡 <small>示例&lt;绘制&gt;</small></figcaption>" in page
    assert 'type="image/webp" srcset="/p/i' in page


def test_a_picture_the_text_does_not_place_comes_first_and_an_unknown_one_leaves_its_caption() -> None:
    page = html("字。\n\n![别的图](picture-0002)", [PICTURE])
    assert page.startswith("<figure") and page.count("<img") == 1 and "<p>别的图</p>" in page


def test_what_is_written_like_a_picture_and_is_none_is_noticed() -> None:
    assert figures("![甲](picture-0001)\n\n文\n![乙](picture-0002)") == [("picture-0001", "甲"), ("picture-0002", "乙")]
    assert not stray("![甲](picture-0001)\n\n没有别的")
    for wrong in (
        "文字里的 ![甲](picture-0001)",
        "![](https://a.cn/b.png)",
        "- ![甲](picture-0001)",
        "> ![甲](picture-0001)",
        "![甲][1]\n\n[1]: https://a.cn/b.png",
    ):
        assert stray(wrong), wrong
