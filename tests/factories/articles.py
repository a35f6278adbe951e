"""Articles and their pictures, written, reviewed by another and published."""

import io
import itertools
from typing import Any

from PIL import Image

from backend.base.actor import system
from backend.domains.accounts import service as accounts
from backend.domains.articles import service as articles

PASSWORD = "correct horse battery"
BODY = "## 先冲再泡\n\n流动的水冲三十秒，再浸泡几分钟，**不要**加洗洁精。\n\n- 叶菜掰开洗\n- 瓜果连皮刷"
SOURCES = [{"name": "GB 2763 食品安全国家标准", "url": "https://example.org/gb2763"}]
_numbers = itertools.count(1)


def content(**changes: Any) -> dict[str, Any]:
    made = {
        "kind": "science",
        "title": "苹果怎么洗最干净",
        "summary": "流水冲洗就能去掉大部分表面残留。",
        "body": BODY,
        "crops": ["apple"],
        "sources": SOURCES,
    }
    return {key: value for key, value in {**made, **changes}.items() if value is not None}


def editor() -> Any:
    """Somebody who may write and review, as an actor."""
    name = f"editor-{next(_numbers)}"
    roles = [{"role": "editor", "region": "620000"}]
    accounts.new_staff(system("test"), login=name, password=PASSWORD, name=name, roles=roles)
    return accounts.actor_from_token(accounts.log_in_staff(login=name, password=PASSWORD).access_token)


def draft(author: Any, **changes: Any) -> Any:
    return articles.write(author, client_id=f"article-{next(_numbers):05}", **content(**changes))


def published(author: Any, reviewer: Any, **changes: Any) -> Any:
    made = draft(author, **changes)
    articles.submit(author, made.id)
    return articles.review(reviewer, made.id, verdict="publish")


def picture(size: tuple[int, int] = (1200, 800), kind: str = "PNG", **options: Any) -> bytes:
    """A picture an editor drew."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def pictured(author: Any, article_id: str, name: str = "picture-0001", **changes: Any) -> str:
    """A picture added to the draft; its name."""
    told = {"alt": "流水冲洗苹果", "credit": "示例绘制", **changes}
    articles.add_picture(author, article_id, client_id=name, data=picture(), **told)
    return name


def illustrated() -> str:
    """The slug of a published article whose lead picture stands in its text."""
    author, reviewer = editor(), editor()
    body = "先看图。\n\n![先冲后泡](washing-steps)\n\n流动的水冲三十秒，再浸泡几分钟。"
    made = draft(author, body=body, lead_picture="washing-steps")
    pictured(author, made.id, "washing-steps")
    articles.submit(author, made.id)
    return str(articles.review(reviewer, made.id, verdict="publish").slug)
