"""The stand-in's endpoints: WeChat's paths, shapes and errors, and the controls under /__sandbox/."""

import io
import json
import secrets
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, request
from PIL import Image

from backend.gateways.wechat.sandbox.state import Refused, State, openid

MAX_SCENE = 32
MAX_TEXT = 2500
RISKY, DOUBTFUL = "违规", "存疑"


def make_app(state: State) -> Flask:
    """WeChat always answers 200; what went wrong is in `errcode`."""
    app = Flask(__name__, static_folder=None)

    def endpoint(method: str, path: str, *, token: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def decorate(view: Callable[[State, dict[str, Any]], Any]) -> Callable[..., Any]:
            def handled() -> Response:
                return _answered(state, path, view, token)

            app.add_url_rule(path, path, handled, methods=[method])
            return view

        return decorate

    endpoint("GET", "/cgi-bin/token", token=False)(_plain_token)
    endpoint("POST", "/cgi-bin/stable_token", token=False)(_stable_token)
    endpoint("GET", "/sns/jscode2session", token=False)(_session)
    endpoint("POST", "/wxa/business/getuserphonenumber")(_phone)
    endpoint("POST", "/wxa/getwxacodeunlimit")(_code_image)
    endpoint("POST", "/wxa/msg_sec_check")(_text_check)
    endpoint("POST", "/wxa/media_check_async")(_media_check)
    endpoint("POST", "/cgi-bin/message/subscribe/send")(_subscribe)
    app.add_url_rule(
        "/__sandbox/<control>", "control", lambda control: _control(state, control), methods=["GET", "POST"]
    )
    return app


def _answered(state: State, path: str, view: Callable[[State, dict[str, Any]], Any], token: bool) -> Response:
    if state.delay:
        time.sleep(state.delay)
    sent = {**request.args.to_dict(), **(request.get_json(force=True, silent=True) or {})}  # bodies come without a type
    with state.lock:
        state.note(path, sent)
        try:
            state.play_failure(path)
            if token:
                state.check_token(request.args.get("access_token"))
            found = view(state, sent)
        except Refused as refused:
            found = {"errcode": refused.errcode, "errmsg": refused.errmsg}
    if isinstance(found, bytes):
        return Response(found, content_type="image/jpeg")
    kind = "text/plain" if path == "/sns/jscode2session" else "application/json"
    return Response(json.dumps(found, ensure_ascii=False), content_type=kind)


def _plain_token(state: State, sent: dict[str, Any]) -> dict[str, Any]:
    state.check_app(sent.get("appid"), sent.get("secret"))
    token, seconds = state.stable_token(fresh=True)
    return {"access_token": token, "expires_in": seconds}


def _stable_token(state: State, sent: dict[str, Any]) -> dict[str, Any]:
    state.check_app(sent.get("appid"), sent.get("secret"))
    token, seconds = state.stable_token(fresh=bool(sent.get("force_refresh")))
    return {"access_token": token, "expires_in": seconds}


def _session(state: State, sent: dict[str, Any]) -> dict[str, Any]:
    state.check_app(sent.get("appid"), sent.get("secret"))
    return {"openid": state.take_code(str(sent.get("js_code", ""))), "session_key": "c2FuZGJveC1zZXNzaW9uLWtleQ=="}


def _phone(state: State, sent: dict[str, Any]) -> dict[str, Any]:
    person = state.take_code(str(sent.get("code", "")))
    if sent.get("openid") not in (None, person):
        raise Refused(40029, "code and openid do not match")
    digits = str(int(person[1:9], 16))[-8:].zfill(8)
    shown = {"phoneNumber": f"138{digits}", "purePhoneNumber": f"138{digits}", "countryCode": "86"}
    return {"errcode": 0, "errmsg": "ok", "phone_info": shown}


def _code_image(_state: State, sent: dict[str, Any]) -> bytes:
    scene = str(sent.get("scene", ""))
    if not 0 < len(scene) <= MAX_SCENE:
        raise Refused(40169, "invalid length for scene")
    picture = io.BytesIO()
    Image.new("RGB", (280, 280), "white").save(picture, "JPEG")
    return picture.getvalue()


def _text_check(_state: State, sent: dict[str, Any]) -> dict[str, Any]:
    text = str(sent.get("content", ""))
    if not sent.get("openid"):
        raise Refused(40003, "invalid openid")
    if not text or len(text) > MAX_TEXT:
        raise Refused(44002, "empty or too long")
    suggest = "risky" if RISKY in text else "review" if DOUBTFUL in text else "pass"
    result = {"suggest": suggest, "label": 100 if suggest == "pass" else 20001}
    return {"errcode": 0, "errmsg": "ok", "result": result, "detail": [], "trace_id": openid(text)[1:17]}


def _media_check(_state: State, sent: dict[str, Any]) -> dict[str, Any]:
    if not sent.get("openid") or not sent.get("media_url"):
        raise Refused(40003, "invalid openid or media_url")
    return {"errcode": 0, "errmsg": "ok", "trace_id": secrets.token_hex(8)}


def _subscribe(state: State, sent: dict[str, Any]) -> dict[str, Any]:
    user, template = str(sent.get("touser", "")), str(sent.get("template_id", ""))
    if not user.startswith("o"):
        raise Refused(40003, "invalid openid")
    data = sent.get("data")
    if not isinstance(data, dict) or not all(_field_fits(name, one) for name, one in data.items()):
        raise Refused(47003, "argument invalid")
    state.spend_consent(user, template)
    return {"errcode": 0, "errmsg": "ok", "msgid": len(state.calls)}


def _field_fits(name: str, given: Any) -> bool:
    """As WeChat says: no empty value, at most 20 characters of a `thing`, 5 of a `phrase`, 32 of an id."""
    text = given.get("value") if isinstance(given, dict) else None
    most = {"thing": 20, "phrase": 5, "character_string": 32}.get(name.rstrip("0123456789"), 64)
    return isinstance(text, str) and 0 < len(text) <= most


def _control(state: State, control: str) -> Any:
    """clock {seconds}, expire-token, fail {path, errcode, times}, delay {seconds}, grant {openid, template, times}."""
    told = request.get_json(silent=True) or {}
    with state.lock:
        if control == "clock":
            state.skew = float(told["seconds"])
        elif control == "expire-token":
            state.token_until = 0.0
        elif control == "fail":
            state.planned[told["path"]] += [int(told["errcode"])] * int(told.get("times", 1))
        elif control == "delay":
            state.delay = float(told["seconds"])
        elif control == "grant":
            state.quota[told["openid"], told["template"]] += int(told.get("times", 1))
        elif control != "calls":
            return jsonify({"error": "no such control"}), 404
        return jsonify({"calls": state.calls})
