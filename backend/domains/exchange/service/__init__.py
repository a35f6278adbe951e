"""Verbs of the exchange, as routes, pages and the worker call them."""

from backend.domains.exchange.rules.epcis_query import asked as epcis_asked
from backend.domains.exchange.rules.links import target as link_target
from backend.domains.exchange.rules.links import wanted_type as link_type
from backend.domains.exchange.rules.mapping import standard, standards
from backend.domains.exchange.service.clients import client, clients_of, new_client, revoke_client, rotate_key
from backend.domains.exchange.service.deliveries import tidy as tidy_deliveries
from backend.domains.exchange.service.deliveries_turns import deliver
from backend.domains.exchange.service.dumps import DataSet, DumpFacts, DumpFile, data_sets, dump_file
from backend.domains.exchange.service.dumps_building import build_dumps
from backend.domains.exchange.service.epcis import document as epcis_document
from backend.domains.exchange.service.epcis import query as epcis_query
from backend.domains.exchange.service.links import code_behind, linkset, printed_code, resolver
from backend.domains.exchange.service.mapping import mapped
from backend.domains.exchange.service.national import messages as national_messages
from backend.domains.exchange.service.national import repeat as repeat_national
from backend.domains.exchange.service.national import standing as national_standing
from backend.domains.exchange.service.national import status as national_status
from backend.domains.exchange.service.sortable import workbook as sortable_workbook
from backend.domains.exchange.service.webhooks import (
    new_webhook,
    ping,
    resend,
    rotate_secret,
    sent,
    set_state,
    standing,
    webhook,
    webhooks_of,
)
from backend.domains.exchange.service.webhooks import sweep as sweep_webhooks
from backend.domains.exchange.service.webhooks_news import NEWS, on_harvest_amended, on_news

__all__ = [
    "NEWS",
    "DataSet",
    "DumpFacts",
    "DumpFile",
    "build_dumps",
    "client",
    "clients_of",
    "code_behind",
    "data_sets",
    "deliver",
    "dump_file",
    "epcis_asked",
    "epcis_document",
    "epcis_query",
    "link_target",
    "link_type",
    "linkset",
    "mapped",
    "national_messages",
    "national_standing",
    "national_status",
    "new_client",
    "new_webhook",
    "on_harvest_amended",
    "on_news",
    "ping",
    "printed_code",
    "repeat_national",
    "resend",
    "resolver",
    "revoke_client",
    "rotate_key",
    "rotate_secret",
    "sent",
    "set_state",
    "sortable_workbook",
    "standard",
    "standards",
    "standing",
    "sweep_webhooks",
    "tidy_deliveries",
    "webhook",
    "webhooks_of",
]
