"""Pictures of articles over HTTP: kept with the draft, frozen into what is reviewed, served to be kept for good."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from backend.base import store
from tests.factories.articles import content, picture
from tests.factories.http import Api

API = "/api/v1"
PLACED = "先看图。\n\n![先冲后泡](washing-steps)\n\n流动的水冲三十秒，再浸泡几分钟。"


class Desk:
    """Two editors and one draft."""

    def __init__(self, api: Api, login: Callable[..., str]) -> None:
        self.api, self.writer, self.reviewer = api, *(login("editor", region="620000") for _ in range(2))
        body = {"client_id": "article-0001", **content(body=PLACED, lead_picture="washing-lead")}
        made = api.post(f"{API}/articles", body, as_=self.writer).json
        self.path, self.slug = f"{API}/articles/{made['id']}", made["slug"]

    def add(self, name: str, data: bytes | None = None, **changes: str) -> Any:
        form = {"client_id": name, "alt": "三步：冲、泡、再冲", "credit": "示例绘制", **changes}
        sent = {**form, "picture": (io.BytesIO(data or picture()), "a.png")}
        return self.api.send(
            "POST", f"{self.path}/pictures", as_=self.writer, data=sent, content_type="multipart/form-data"
        )

    def remove(self, name: str) -> Any:
        return self.api.send("DELETE", f"{self.path}/pictures/{name}", as_=self.writer)

    def submit(self, **body: str) -> Any:
        return self.api.post(f"{self.path}/submission", body, as_=self.writer)

    def publish(self, **body: str) -> None:
        assert self.submit(**body).status_code == 200
        answer = self.api.post(f"{self.path}/review", {"verdict": "publish"}, as_=self.reviewer)
        assert answer.status_code == 200, answer.text

    def edit(self, **changes: str) -> Any:
        version = self.api.get(self.path, as_=self.writer).json["version"]
        return self.api.patch(self.path, changes, as_=self.writer, headers={"If-Match": f'"v{version}"'})

    def read(self) -> dict[str, Any]:
        return dict(self.api.get(f"{API}/reading/{self.slug}").json)


@pytest.fixture
def desk(api: Api, login: Callable[..., str]) -> Desk:
    return Desk(api, login)


def test_uploaded_placed_reviewed_and_seen(desk: Desk) -> None:
    assert desk.submit().json["reason"] == "picture_unknown"
    assert desk.add("washing-steps", alt_en="Rinse, soak, rinse").status_code == 201
    assert desk.add("washing-lead", alt="一篮洗好的苹果").status_code == 201
    listed = desk.api.get(f"{desk.path}/pictures", as_=desk.writer).json["items"]
    assert [one["name"] for one in listed] == ["washing-steps", "washing-lead"]
    desk.publish()
    read = desk.read()
    steps, lead = read["pictures"]
    assert (steps["caption"], steps["alt_en"], lead["name"]) == ("先冲后泡", "Rinse, soak, rinse", "washing-lead")
    assert read["lead"] == lead
    assert read["html"].index("washing-lead") < read["html"].index("washing-steps")
    (brief,) = desk.api.get(f"{API}/reading").json["items"]
    assert brief["lead"]["thumb"] == lead["thumb"] and "pictures" not in brief
    for path, kind in ((steps["small"], "image/webp"), (steps["large"], "image/webp"), (lead["thumb"], "image/jpeg")):
        answer = desk.api.get(path)
        assert (answer.status_code, answer.content_type) == (200, kind)
        assert "immutable" in answer.headers["Cache-Control"]
        assert desk.api.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_same_picture_sent_twice_is_one(desk: Desk) -> None:
    first, again = desk.add("washing-steps"), desk.add("washing-steps", alt="又传一遍")
    assert first.json == again.json
    assert store.collection("article_pictures").count_documents({}) == 1
    assert store.collection("files.files").count_documents({}) == 5


def test_what_was_published_stays_and_a_correction_brings_another(desk: Desk) -> None:
    desk.add("washing-steps"), desk.add("washing-lead"), desk.add("unused-one")
    desk.publish()
    assert desk.remove("washing-steps").json["reason"] == "picture_published"
    assert desk.remove("unused-one").status_code == 204
    before = desk.read()
    desk.add("washing-again", alt="四步：冲、泡、再冲、削皮")
    assert desk.edit(body=PLACED.replace("washing-steps", "washing-again")).status_code == 200
    assert desk.read() == before, "readers keep what was published"
    desk.publish(correction="图里补上削皮")
    assert [one["name"] for one in desk.read()["pictures"]] == ["washing-again", "washing-lead"]
    frozen = [row["content"]["pictures"][0]["name"] for row in store.collection("article_versions").find({})]
    assert sorted(frozen) == ["washing-again", "washing-steps"]


def test_of_a_withdrawn_article_a_picture_can_be_removed_for_good(desk: Desk) -> None:
    desk.add("washing-steps"), desk.add("washing-lead")
    desk.publish()
    path = desk.read()["lead"]["large"]
    desk.api.post(f"{desk.path}/withdrawal", {"reason": "照片里有人"}, as_=desk.reviewer)
    assert desk.remove("washing-lead").status_code == 204
    assert desk.api.get(path).status_code == 404


def test_while_it_is_reviewed_its_pictures_stay(desk: Desk) -> None:
    desk.add("washing-steps"), desk.add("washing-lead")
    desk.submit()
    assert desk.remove("washing-steps").json["reason"] == "article_state_wrong"
    assert desk.add("one-more-picture").json["reason"] == "article_state_wrong"
    assert desk.add("washing-steps").status_code == 201, "a retry is answered whatever became of the article"


def test_a_picture_from_elsewhere_or_in_the_middle_of_words_is_not_submitted(desk: Desk) -> None:
    desk.add("washing-steps"), desk.add("washing-lead")
    for body in (
        PLACED + "\n\n![](https://elsewhere.example/a.png)",
        PLACED + "\n\n看 ![图](washing-lead) 这里",
        PLACED + "\n\n![又一次](washing-steps)",
    ):
        assert desk.edit(body=body).status_code == 200
        assert desk.submit().json["reason"] == "picture_misplaced"


def test_bad_files_and_missing_words_are_refused(desk: Desk) -> None:
    assert desk.add("picture-0001", b"<svg onload=alert(1)>").json["reason"] == "image_unreadable"
    assert desk.add("picture-0001", picture((300, 300))).json["reason"] == "picture_too_small"
    assert desk.add("picture-0001", picture() + b"<script>").json["reason"] == "image_polyglot"
    assert desk.add("picture-0001", alt="").status_code == 422
    assert desk.add("../picture-1").status_code == 422
    assert store.collection("article_pictures").count_documents({}) == 0


@pytest.mark.parametrize("name", ["i" + "0" * 26 + "-480.webp", "x-480.webp", "i0-481.webp", "i0", "i..%2f-480.jpg"])
def test_a_picture_that_is_not_there_is_not_found(api: Api, name: str) -> None:
    assert api.get(f"/p/{name}").status_code == 404
