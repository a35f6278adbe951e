"""The edge: one error shape, languages, limits, headers, health."""

from collections.abc import Callable

import pytest

from backend.base import leases
from tests.factories.http import Api


def test_every_error_has_the_one_shape(api: Api) -> None:
    for answer in (
        api.get("/api/v1/nowhere"),
        api.get("/api/v1/me"),
        api.post("/api/v1/auth/staff", {"login": 5}),
        api.send("PUT", "/api/v1/auth/staff"),
        api.post("/api/v1/auth/staff", data="{", content_type="application/json"),
        api.post("/api/v1/auth/staff", data="a=b", content_type="application/x-www-form-urlencoded"),
    ):
        assert answer.status_code >= 400
        assert {"code", "status", "message", "reason", "request_id"} <= set(answer.json)
        assert answer.json["code"] == answer.status_code
        assert answer.headers["X-Request-ID"] == answer.json["request_id"]


def test_messages_are_chinese_unless_english_is_wanted(api: Api) -> None:
    chinese = api.post("/api/v1/auth/staff", {"password": "x", "extra": 1}).json
    english = api.post(
        "/api/v1/auth/staff", {"password": "x", "extra": 1}, headers={"Accept-Language": "en-GB,en;q=0.8"}
    ).json
    assert chinese["errors"]["json"] == {"login": ["请填写这一项。"], "extra": ["没有这一项，请检查名称。"]}
    assert english["errors"]["json"]["login"] == ["Missing data for required field."]
    assert chinese["reason"] == english["reason"] == "invalid_input"


@pytest.mark.parametrize("value", [{"$gt": ""}, {"$ne": None}, ["a"], 5, None, True])
def test_an_operator_in_the_place_of_a_text_is_refused(api: Api, value: object) -> None:
    answer = api.post("/api/v1/auth/staff", {"login": value, "password": value})
    assert (answer.status_code, answer.json["reason"]) == (422, "invalid_input")


def test_a_body_over_the_limit_is_refused_before_it_is_read(api: Api) -> None:
    answer = api.post("/api/v1/auth/staff", data=b"x" * (13 * 1024 * 1024), content_type="application/json")
    assert (answer.status_code, answer.json["reason"]) == (413, "too_large")


def test_deeply_nested_json_is_a_bad_request_and_not_a_crash(api: Api) -> None:
    for body in ("[" * 100_000, '{"login":' * 50_000):
        answer = api.post("/api/v1/auth/staff", data=body, content_type="application/json")
        assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "path",
    ["/api/v1/../../etc/passwd", "/api/v1/regions/..%2f..%2fetc", "/api/docs/..%2f..%2fwsgi.py", "/api/docs/%00"],
)
def test_path_tricks_lead_nowhere(api: Api, path: str) -> None:
    assert api.get(path).status_code == 404


def test_control_characters_in_a_text_are_refused(api: Api) -> None:
    answer = api.post("/api/v1/auth/staff", {"login": "a\x00b", "password": "x"})
    assert answer.status_code == 422


def test_security_headers_are_on_every_answer(api: Api) -> None:
    for path in ("/api/v1/regions", "/api/v1/nowhere", "/healthz", "/api/docs"):
        headers = api.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_given_request_id_is_kept_and_a_strange_one_replaced(api: Api) -> None:
    assert api.get("/healthz", headers={"X-Request-ID": "abc-12345"}).headers["X-Request-ID"] == "abc-12345"
    assert api.get("/healthz", headers={"X-Request-ID": "bad id\t!"}).headers["X-Request-ID"] != "bad id\t!"


def test_ready_means_database_and_worker(api: Api) -> None:
    assert api.get("/healthz").json == {"alive": True}
    silent = api.get("/readyz")
    assert (silent.status_code, silent.json["parts"]["worker"]["ok"]) == (503, False)
    leases.beat("w")
    assert api.get("/readyz").status_code == 200


def test_the_api_can_be_browsed_without_any_other_host(api: Api) -> None:
    page = api.get("/api/docs").text
    assert "https://" not in page and "http://" not in page
    assert api.get("/api/docs/swagger-ui-bundle.js").status_code == 200
    assert api.get("/api/openapi.json").json["openapi"] == "3.1.0"


def test_metrics_answer_the_loopback_interface_or_the_token_holder_only(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.get("/api/v1/regions")
    assert 'route="/api/v1/regions"' in api.get("/metrics").text
    assert api.get("/metrics", headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 404
    assert api.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 404


def test_no_log_line_carries_a_code_an_address_or_a_name(
    api: Api, capsys: pytest.CaptureFixture[str], login: Callable[..., str]
) -> None:
    token = login("county_officer", region="620602")
    capsys.readouterr()
    api.get("/api/v1/regions/620602?x=secret-query", as_=token, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    logged = capsys.readouterr().err
    assert '"route": "/api/v1/regions/<code>"' in logged
    for private in ("620602", "secret-query", "203.0.113.77", token):
        assert private not in logged


def test_a_misspelt_query_parameter_is_told_and_not_passed_over(api: Api, login: Callable[..., str]) -> None:
    answer = api.get("/api/v1/producers?regoin=620602", as_=login("county_officer", region="620602"))
    assert answer.status_code == 422 and "regoin" in str(answer.json["errors"])
