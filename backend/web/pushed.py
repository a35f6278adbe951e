"""`/wechat/push`: what WeChat tells us by itself. Set as 消息推送 of the mini-program, plain mode, JSON."""

from flask import Blueprint, Response, request

from backend import gateways
from backend.base.errors import Forbidden
from backend.domains.complaints import service as complaints
from backend.gateways.wechat import push
from backend.web import site

blueprint = Blueprint("pushed", __name__)
site.fail_kindly(blueprint)
MAX_BYTES = 64 * 1024


def _check() -> None:
    """Raises Forbidden for anybody but WeChat."""
    given = {name: request.args.get(name, "")[:80] for name in ("signature", "timestamp", "nonce")}
    if not push.is_wechats(gateways.current().settings.wechat_push_token, **given):
        raise Forbidden("forbidden")


@blueprint.get("/wechat/push")
def greet() -> Response:
    """WeChat asks once whether this address knows the token."""
    _check()
    return Response(request.args.get("echostr", "")[:80], content_type="text/plain; charset=utf-8")


@blueprint.post("/wechat/push")
def hear() -> Response:
    """An event; the same one pushed again changes nothing."""
    _check()
    request.max_content_length = MAX_BYTES
    opinion = push.opinion(request.get_json(force=True, silent=True))
    if opinion is not None:
        complaints.photo_checked(opinion.trace_id, opinion.suggest)
    return Response("success", content_type="text/plain; charset=utf-8")
