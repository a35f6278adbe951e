"""A thin client that reads like a request: method, path, body, who is asking."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Api:
    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def send(self, method: str, path: str, body: Any = None, *, as_: str | None = None, **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if as_:
            headers["Authorization"] = f"Bearer {as_}"
        if body is not None:
            options["json"] = body
        options.setdefault("buffered", True)
        return self.client.open(path, method=method, headers=headers, **options)

    def get(self, path: str, *, as_: str | None = None, **options: Any) -> TestResponse:
        return self.send("GET", path, as_=as_, **options)

    def post(self, path: str, body: Any = None, *, as_: str | None = None, **options: Any) -> TestResponse:
        return self.send("POST", path, body, as_=as_, **options)

    def patch(self, path: str, body: Any = None, *, as_: str | None = None, **options: Any) -> TestResponse:
        return self.send("PATCH", path, body, as_=as_, **options)

    def delete(self, path: str, *, as_: str | None = None, **options: Any) -> TestResponse:
        return self.send("DELETE", path, as_=as_, **options)
