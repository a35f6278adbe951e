"""The stand-in's endpoints: the paths of the mapping, and the controls under /__sandbox/."""

import json
import time
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, request

from backend.gateways import national_platform
from backend.gateways.national_platform import signing
from backend.gateways.national_platform.sandbox.state import State

VERSION = "national-v2"


def make_app(state: State) -> Flask:
    mapping = national_platform.mapping(VERSION)
    app = Flask(__name__, static_folder=None)
    for path in sorted({one["path"] for one in mapping["messages"].values()}):
        app.add_url_rule(path, path, lambda: _answered(state, mapping["signing"]), methods=["POST"])
    app.add_url_rule(
        "/__sandbox/<control>", "control", lambda control: _control(state, control), methods=["GET", "POST"]
    )
    return app


def _answered(state: State, spec: Mapping[str, Any]) -> Response:
    if state.delay:
        time.sleep(state.delay)
    body = request.get_data()
    given = {name: request.headers.get(name, "") for name in spec["headers"].values()}
    with state.lock:
        message_id = given[spec["headers"]["message"]]
        signed = signing.fits(
            spec, given, key_id=state.key_id, secret=state.secret, path=request.path, body=body, now=time.time()
        )
        said = _read(body)
        status = state.answer(request.path, message_id, said) if signed else 401
        state.note(request.path, status, message_id, said)
    return Response(json.dumps({"status": status}), status, content_type="application/json")


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _control(state: State, control: str) -> Any:
    """fail {status, times}, refuse {subjects}, swallow {times}, delay {seconds}, calls."""
    told = request.get_json(silent=True) or {}
    with state.lock:
        if control == "fail":
            state.failures += [int(told.get("status", 503))] * int(told.get("times", 1))
        elif control == "refuse":
            state.refused = {str(one) for one in told["subjects"]}
        elif control == "swallow":
            state.swallowed = int(told.get("times", 1))
        elif control == "delay":
            state.delay = float(told["seconds"])
        elif control != "calls":
            return jsonify({"error": "no such control"}), 404
        return jsonify({"calls": state.calls})
