"""The blueprint that all endpoints of producers hang on."""

from backend.http.api import Blueprint

blueprint = Blueprint("producers", description="生产主体、基地、产品与自主申报")
