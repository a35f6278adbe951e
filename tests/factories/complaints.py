"""Complaints as people file them, and the puzzle solved as their browser would."""

import io
import itertools
from typing import Any

from PIL import Image

from backend.domains.complaints import rules
from tests.factories.http import Api

API = "/api/v1"


def solved(puzzle: str) -> str:
    return next(answer for number in itertools.count() if rules.solves(puzzle, answer := str(number)))


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (320, 240), (120, 90, 60)).save(file, "JPEG")
    file.seek(0)
    return file


def form(api: Api, *, fast: bool = True, **changes: Any) -> dict[str, Any]:
    puzzle = api.get(f"{API}/complaints/puzzle").json["puzzle"]
    body = {
        "puzzle": puzzle,
        "answer": solved(puzzle) if fast else "",
        "kind": "lead",
        "category": "early_harvest",
        "identity": "anonymous",
        "text": "昨天打药,今天就摘了卖。",
        "region": "620602100",
    } | changes
    return {key: value for key, value in body.items() if value is not None}


def send(api: Api, body: dict[str, Any], *, photos: int = 0, as_: str | None = None, **options: Any) -> Any:
    data = {**body, **({"photos": [(picture(), f"{n}.jpg") for n in range(photos)]} if photos else {})}
    return api.post(f"{API}/complaints", data=data, content_type="multipart/form-data", as_=as_, **options)


def filed(api: Api, *, photos: int = 0, as_: str | None = None, **changes: Any) -> str:
    """The receipt."""
    answer = send(api, form(api, **changes), photos=photos, as_=as_)
    assert answer.status_code == 201, answer.text
    return str(answer.json["receipt"])


def follow(api: Api, receipt: str) -> Any:
    return api.post(f"{API}/complaints/follow", {"receipt": receipt})


def end(api: Api, officer: str) -> str:
    """The only open case is closed; its id."""
    (case,) = api.get(f"{API}/complaints", as_=officer).json["items"]
    for action in ({"action": "accept"}, {"action": "close", "outcome": "unfounded", "text": "查无此事"}):
        answer = api.post(f"{API}/complaints/{case['id']}/actions", action, as_=officer)
        assert answer.status_code == 200, answer.text
    return str(case["id"])
