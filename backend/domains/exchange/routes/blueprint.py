"""The blueprint that all endpoints of the exchange hang on."""

from backend.http.api import Blueprint

blueprint = Blueprint("exchange", description="对外交换：开放标准、国家平台、订阅推送、开放数据")
