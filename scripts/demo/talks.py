"""What farms and their county said to each other this year: declarations in every state, two questions."""

from datetime import date, timedelta
from typing import NamedTuple

from backend.base import vocab
from backend.domains.producers import service as producers
from scripts.demo import pictures
from scripts.demo.seasons import Farm, day_of, on

DECLARED_ON = "03-01"
ASKED_ON = "07-06"


class Verdict(NamedTuple):
    """None: still waiting for the officer."""

    verdict: str | None
    reason: str = ""


class Question(NamedTuple):
    text: str
    answer: str = ""


DECLARED = {
    "huangyang-apple": Verdict("approve"),
    "wunan-tomato": Verdict(None),
    "qingyuan-sheep": Verdict("return", "羊舍东边的草场也在用，请一起申报。"),
}
ASKED = {
    "huangyang-apple": Question("今年早期落叶病用的药，空瓶交到哪里了？有回收单请拍一张。"),
    "wunan-tomato": Question(
        "三号棚四月打药那天，邻棚的黄瓜有没有盖住？", "盖了，棚中间有隔膜。打完第二天才揭开，照片是当天拍的。"
    ),
}


def talk(farm: Farm, today: date) -> None:
    """This year's declaration and question of a farm that has one, as far as the year has come."""
    key = farm.plan["key"]
    if key in DECLARED and (day := day_of(today.year, DECLARED_ON)) < today:
        _declare(farm, DECLARED[key], day)
    if key in ASKED and (day := day_of(today.year, ASKED_ON)) < today:
        _ask(farm, ASKED[key], day)


def _declare(farm: Farm, decided: Verdict, day: date) -> None:
    with on(day):
        sent = producers.submit(
            farm.farmer,
            farm.producer_id,
            client_id=f"declaration-{day.year}",
            season=str(day.year),
            site_ids=[farm.site_id],
            product_ids=[farm.product_id],
            commitments=vocab.get("declaration_commitments").codes,
        )
    if decided.verdict:
        with on(day + timedelta(days=2)):
            producers.decide(farm.officer, sent.id, verdict=decided.verdict, reason=decided.reason)


def _ask(farm: Farm, question: Question, day: date) -> None:
    with on(day):
        about = {"kind": "batch", "id": f"{farm.producer_id}.batch-{day.year}"}
        client_id = f"question-{day.year}"
        asked = producers.ask(farm.officer, farm.producer_id, client_id=client_id, text=question.text, about=about)
    if not question.answer:
        return
    with on(day + timedelta(days=1)):
        answer_id = f"answer-{day.year}"
        producers.answer(farm.farmer, asked.id, client_id=answer_id, text=question.answer)
        picture = pictures.photo("greenhouse", f"{farm.plan['key']}-{day.year}-answer", "演示")
        producers.add_answer_photo(
            farm.farmer, asked.id, client_id=f"photo-{day.year}-1", answer_client_id=answer_id, data=picture
        )
