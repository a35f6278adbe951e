"""WeChat's API server behind one small door: only what the platform calls, with errors a person can be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from pymongo.collection import Collection
from wechatpy.exceptions import WeChatClientException

from backend.base.errors import BadRequest, Forbidden, GatewayFailed, Problem, TooMany
from backend.gateways.wechat.client import Client
from backend.gateways.wechat.tokens import MongoSessionStorage

__all__ = ["Identity", "MongoSessionStorage", "WeChat", "connect"]
log = structlog.get_logger(__name__)
ROOT = "https://api.weixin.qq.com"
BUSY = -1  # 系统繁忙: WeChat asks to try again
ANSWERS: dict[int, tuple[type[Problem], str]] = {
    40029: (BadRequest, "wechat_code_invalid"),
    40163: (BadRequest, "wechat_code_invalid"),
    40226: (Forbidden, "wechat_account_risky"),
    43101: (Forbidden, "wechat_not_agreed"),
    40003: (BadRequest, "wechat_template_wrong"),
    40037: (BadRequest, "wechat_template_wrong"),
    41030: (BadRequest, "wechat_template_wrong"),
    47003: (BadRequest, "wechat_template_wrong"),
    45011: (TooMany, "wechat_busy"),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a login code belongs to. The session key stays behind: nothing here needs it, so nothing can lose it."""

    openid: str
    unionid: str | None = None


class WeChat:
    """The calls the platform makes. All raise GatewayFailed `wechat_unavailable` when WeChat cannot be used."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def code_to_session(self, code: str) -> Identity:
        """Whose `wx.login` code this is (valid once, for five minutes). Needs no access token and sends none.

        Raises BadRequest `wechat_code_invalid`, Forbidden `wechat_account_risky`, TooMany `wechat_busy`.
        """
        found = self._called(self._client.code_to_session, code)
        return Identity(found["openid"], found.get("unionid"))

    def unlimited_code(self, scene: str, *, page: str) -> bytes:
        """A mini-program code that opens `page` with `scene` (at most 32 characters), as an image."""
        answer = self._called(self._client.unlimited_code, scene, page)
        return bytes(answer.content)

    def check_text(self, openid: str, text: str) -> str:
        """WeChat's opinion of a text by somebody who was just there (two hours at most): pass, review or risky."""
        return str(self._called(self._client.check_text, openid, text)["result"]["suggest"])

    def check_image(self, openid: str, url: str) -> str:
        """Ask for an opinion of a picture at an address WeChat can reach; the trace id by which it will be pushed."""
        return str(self._called(self._client.check_image, openid, url)["trace_id"])

    def send_notice(self, openid: str, template_id: str, data: Mapping[str, Mapping[str, str]]) -> None:
        """A subscribe message; each consent of the person is good for one.

        Raises Forbidden `wechat_not_agreed` (43101), BadRequest `wechat_template_wrong`, TooMany `wechat_busy`.
        """
        self._called(self._client.send_notice, openid, template_id, data)

    def close(self) -> None:
        self._client.close()

    def _called(self, call: Any, *arguments: Any) -> Any:
        try:
            return call(*arguments)
        except WeChatClientException as error:
            if error.errcode != BUSY:
                raise _problem(error) from None
        try:
            return call(*arguments)
        except WeChatClientException as error:
            raise _problem(error) from None


def _problem(error: WeChatClientException) -> Problem:
    """What to tell the caller. The text of the error is left out of the log: it may carry the code or the secret."""
    kind, reason = ANSWERS.get(error.errcode or 0, (GatewayFailed, "wechat_unavailable"))
    if kind is GatewayFailed:
        log.error("wechat.failed", errcode=error.errcode)
    return kind(reason)


def connect(
    appid: str, secret: str, base_url: str | None, token_store: "MongoSessionStorage | Collection[dict[str, Any]]"
) -> WeChat:
    """WeChat's own server, or another that speaks like it at `base_url`."""
    return WeChat(Client(appid, secret, root=base_url or ROOT, session=token_store))
