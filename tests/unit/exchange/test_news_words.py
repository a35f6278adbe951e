"""What is told is data: every word of the vocabulary fits the event that it stands for."""

from dataclasses import fields

from backend.base import vocab
from backend.domains.exchange import service as exchange

PERSONAL = {"name", "phone", "contact", "contact_name", "person_id", "identity", "note", "by", "account_id"}


def test_every_event_that_can_be_subscribed_to_is_published_and_the_other_way_round() -> None:
    assert sorted(exchange.NEWS.values()) == sorted(vocab.get("exchange_events").codes)


def test_every_event_has_what_its_words_name_and_a_place_by_which_it_is_decided_who_may_hear() -> None:
    for event, kind in exchange.NEWS.items():
        term, has = vocab.get("exchange_events")[kind], {field.name for field in fields(event)}
        assert {term["subject"], *term["shows"]} <= has, kind
        assert not PERSONAL & set(term["shows"]), kind
        assert term.get("needs") is None or has & {"producer_id", "region"}, kind


def test_a_client_can_hold_whatever_an_event_needs() -> None:
    for term in vocab.get("exchange_events"):
        if needs := term.get("needs"):
            assert vocab.get("permissions")[needs].get("client"), term.code
