"""What WeChat pushes to us (消息推送, plain mode, JSON): whether it is WeChat's, and what it says of a picture."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wechatpy.utils import WeChatSigner

MEDIA_CHECK = "wxa_media_check"


@dataclass(frozen=True, slots=True)
class Opinion:
    """WeChat's opinion of the picture asked about as `trace_id`: pass, review, risky, or failed when it saw none."""

    trace_id: str
    suggest: str


def is_wechats(token: str, *, signature: str, timestamp: str, nonce: str) -> bool:
    """Whether the signature is one that only who knows the token can make. wechatpy's own check stops at the first
    difference and tells by its time how far a guess was right."""
    if not token:
        return False
    signer = WeChatSigner()
    signer.add_data(token, timestamp, nonce)
    return hmac.compare_digest(signer.signature.encode(), signature.encode())


def opinion(body: Any) -> Opinion | None:
    """The opinion in a pushed event; None for any other event."""
    if not isinstance(body, Mapping) or body.get("Event") != MEDIA_CHECK:
        return None
    result, trace_id = body.get("result"), body.get("trace_id")
    if not isinstance(trace_id, str) or not trace_id:
        return None
    if body.get("errcode") or not isinstance(result, Mapping):
        return Opinion(trace_id[:80], "failed")
    return Opinion(trace_id[:80], str(result.get("suggest"))[:20])
