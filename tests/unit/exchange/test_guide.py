"""What the guide tells integrators to write verifies what we send: its own lines are run, in Python and in Node."""

import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from backend.domains.exchange.rules import webhooks

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "integrate.md"
SECRETS = [webhooks.secret_of(b"old" * 12), webhooks.secret_of(b"new" * 12)]
BODY = '{"type":"lot.held","data":{"lot_id":"甲"}}'.encode()


def lines(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found.group(1)


def cases() -> list[tuple[str, dict[str, str], str, bool]]:
    """(secret, headers, body, whether it verifies)"""
    now, body = int(time.time()), BODY.decode()
    sent = webhooks.headers(SECRETS, message_id="msg_1", timestamp=now, body=BODY)
    late = webhooks.headers(SECRETS, message_id="msg_1", timestamp=now - 400, body=BODY)
    return [
        (SECRETS[0], sent, body, True),
        (SECRETS[1], sent, body, True),
        (webhooks.secret_of(b"x" * 32), sent, body, False),
        (SECRETS[0], sent, body + " ", False),
        (SECRETS[0], sent | {"webhook-id": "msg_2"}, body, False),
        (SECRETS[0], late, body, False),
    ]


def test_the_python_of_the_guide_verifies_our_messages_and_no_others() -> None:
    room: dict[str, Any] = {}
    exec(lines("python"), room)  # noqa: S102 - our own guide
    for secret, headers, body, fits in cases():
        assert room["verified"](secret, headers, body.encode()) is fits


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_the_javascript_of_the_guide_verifies_our_messages_and_no_others(tmp_path: Path) -> None:
    program = (
        lines("js")
        + """
const cases = JSON.parse(process.argv[2]);
console.log(JSON.stringify(cases.map(([secret, headers, body]) => verified(secret, headers, Buffer.from(body)))));
"""
    )
    (tmp_path / "receiver.mjs").write_text(program, "utf-8")
    command = ["node", str(tmp_path / "receiver.mjs"), json.dumps(cases())]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(said.stdout) == [fits for *_, fits in cases()]
