"""What tracing does at the news of the features below; wired by the application alone."""

from collections.abc import Sequence

from backend.domains.certificates import service as certificates
from backend.domains.farming import service as farming
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.testing import service as testing
from backend.domains.tracing.service.aliases import keep_alias
from backend.domains.tracing.service.building import build, codes_where, rebuild

ProducerNews = producers.ProducerRenamed | producers.ProducerSuspended | producers.ProducerReinstated


def on_issued(batch: Sequence[certificates.CertificateIssued]) -> None:
    """In the issuing transaction: no certificate without its public trace."""
    for news in batch:
        build(news.code, certificate_id=news.certificate_id, producer_id=news.producer_id, lot_id=news.lot_id)
        if news.gtin:
            keep_alias(gtin=news.gtin, lot=news.code, code=news.code, producer_id=news.producer_id)


def on_voided(batch: Sequence[certificates.CertificateVoided]) -> None:
    """In the voiding transaction: the page is red when the answer is sent."""
    rebuild(news.code for news in batch)


def on_held(batch: Sequence[lots.LotHeld | lots.LotReleased]) -> None:
    """In the transaction that stops a lot or lets it go."""
    for news in batch:
        rebuild(codes_where(lot_id=news.lot_id))


def on_results(batch: Sequence[testing.ResultRecorded]) -> None:
    for news in batch:
        rebuild(codes_where(lot_id=news.lot_id))


def on_records(batch: Sequence[farming.RecordsChanged]) -> None:
    for news in batch:
        rebuild(codes_where(batch_ids=news.batch_id))


def on_producers(batch: Sequence[ProducerNews]) -> None:
    for news in batch:
        rebuild(codes_where(producer_id=news.producer_id))
