"""Verbs of the exchange, as routes, pages and the worker call them."""

from backend.domains.exchange.rules.epcis_query import asked as epcis_asked
from backend.domains.exchange.rules.links import target as link_target
from backend.domains.exchange.rules.links import wanted_type as link_type
from backend.domains.exchange.rules.mapping import standard, standards
from backend.domains.exchange.service.dumps import DataSet, DumpFacts, DumpFile, data_sets, dump_file
from backend.domains.exchange.service.dumps_building import build_dumps
from backend.domains.exchange.service.epcis import document as epcis_document
from backend.domains.exchange.service.epcis import query as epcis_query
from backend.domains.exchange.service.links import code_behind, linkset, printed_code, resolver
from backend.domains.exchange.service.mapping import mapped
from backend.domains.exchange.service.sortable import workbook as sortable_workbook

__all__ = [
    "DataSet",
    "DumpFacts",
    "DumpFile",
    "build_dumps",
    "code_behind",
    "data_sets",
    "dump_file",
    "epcis_asked",
    "epcis_document",
    "epcis_query",
    "link_target",
    "link_type",
    "linkset",
    "mapped",
    "printed_code",
    "resolver",
    "sortable_workbook",
    "standard",
    "standards",
]
