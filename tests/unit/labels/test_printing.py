"""Every printed form decodes back to its URL and carries its Chinese text."""

import io
import re
from dataclasses import replace

import pypdfium2
import pytest
import segno
import zxingcpp
from PIL import Image

from backend.gateways import qrcode
from backend.gateways.labels import (
    LAYOUTS,
    SIZES,
    Card,
    FontMissing,
    certificate_pdf,
    label_sheet_pdf,
    tspl,
    tspl_test_page,
)
from backend.gateways.labels.tspl import CELL, DOTS, printable

URL = "https://longtrace.example/t/7K3M9QW2A4XZ"
LONG = "凉州示范蔬菜瓜果种植农民专业合作社联合社(演示)第二生产基地第三车间有限责任公司分公司昇堃𬭎"
CARD = Card(
    title="承诺达标合格证",
    lead="我承诺生产销售的食用农产品:",
    commitments=("未使用禁用农药、兽药及其他化合物;", "使用的常规农药、兽药残留不超标。"),
    bases=(("质量安全控制符合要求", True), ("自行检测合格", False), ("委托检测合格", False)),
    fields=(
        ("产品名称", "红富士苹果"),
        ("重量或数量", "1000公斤"),
        ("产地", "甘肃省武威市凉州区黄羊镇"),
        ("承诺主体", LONG),
    ),
    url=URL,
    number="LT-7K3M9QW2A4XZ",
    brief=("红富士苹果 1000公斤", "凉州区黄羊镇", LONG, "开具 2026-11-23"),
)


def rendered(pdf: bytes, page: int = 0, dpi: int = 150) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    picture = document[page].render(scale=dpi / 72).to_pil()
    document.close()
    return picture


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "".join(document[page].get_textpage().get_text_range() for page in range(len(document)))
    document.close()
    return re.sub(r"\s", "", text)


def decoded(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def test_the_certificate_decodes_and_says_every_sentence_in_chinese() -> None:
    pdf = certificate_pdf(CARD)
    assert decoded(rendered(pdf)) == [URL]
    text = text_of(pdf)
    for words in (
        CARD.title,
        *CARD.commitments,
        *(words for words, _ in CARD.bases),
        "甘肃省武威市凉州区黄羊镇",
        CARD.number,
    ):
        assert words in text
    assert text.count("承诺达标合格证") == 2  # the title, and the words the code must show


def test_a_void_certificate_carries_the_word_across_the_page() -> None:
    assert "作废" in text_of(certificate_pdf(replace(CARD, watermark="作废")))


@pytest.mark.parametrize("value", [LONG, LONG * 3, "堃", "A" * 120, ""])
def test_no_value_runs_over_its_line(value: str) -> None:
    picture = rendered(certificate_pdf(replace(CARD, fields=(("承诺主体", value),) * 7))).convert("L")
    width, height = picture.size
    gap = picture.crop((int(width * 0.687), int(height * 0.47), int(width * 0.715), int(height * 0.86)))
    assert gap.getextrema()[0] > 200  # nothing dark between the facts and the code


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_code_of_a_sheet_of_labels_decodes(layout: str) -> None:
    each = LAYOUTS[layout].each
    pdf = label_sheet_pdf(CARD, each + 1, layout)
    assert decoded(rendered(pdf)) == [URL] * each
    assert decoded(rendered(pdf, 1)) == [URL]
    assert text_of(pdf).count("承诺达标合格证") == each + 1


def test_printed_codes_are_at_least_twenty_millimetres() -> None:
    share = qrcode.modules(URL) / (qrcode.modules(URL) + 2 * qrcode.QUIET_MODULES)
    assert all(layout.code * share >= 20 for layout in LAYOUTS.values())


def test_the_picture_forms_of_a_code_decode() -> None:
    assert decoded(Image.open(io.BytesIO(qrcode.png(URL)))) == [URL]
    svg = qrcode.svg(URL)
    assert svg.startswith(b"<svg") and len(svg) < 4000
    assert "█" in qrcode.terminal(URL) or "▀" in qrcode.terminal(URL)


def commands(job: bytes) -> list[str]:
    return [line for line in job.decode("gb18030").split("\r\n") if line]


@pytest.mark.parametrize("size", SIZES)
def test_a_thermal_label_stays_within_its_paper_and_its_code_decodes(size: str) -> None:
    job = tspl(CARD, size, copies=3)
    lines = commands(job)
    width, height = SIZES[size].width * DOTS, SIZES[size].height * DOTS
    assert lines[0] == f"SIZE {SIZES[size].width} mm,{SIZES[size].height} mm"
    assert lines[-1] == "PRINT 1,3"
    assert len(job) < 600
    (code,) = [re.match(r'QRCODE (\d+),(\d+),M,(\d+),A,0,"(.+)"', line) for line in lines if line.startswith("QRCODE")]
    assert code is not None
    x, y, cell, url = int(code[1]), int(code[2]), int(code[3]), code[4]
    side = segno.make_qr(url, error="m", boost_error=False).symbol_size(border=0)[0] * cell
    assert url == URL
    assert x + side <= width and y + side <= height
    assert cell == CELL
    for line in lines:
        if match := re.match(r'TEXT (\d+),(\d+),"TSS(\d+)\.BF2",0,1,1,"(.*)"$', line):
            left, top, font, text = int(match[1]), int(match[2]), int(match[3]), match[4]
            used = sum(font if ord(character) > 255 else font // 2 for character in text)
            assert left + used <= width and top + font <= height
            assert left >= x + side or top + font <= y  # no word lies on the code
    assert "承诺达标合格证" in job.decode("gb18030")
    drawn = io.BytesIO()
    segno.make_qr(url, error="m", boost_error=False).save(drawn, kind="png", scale=cell, border=4)
    assert decoded(Image.open(drawn)) == [URL]


def test_nothing_in_a_name_can_end_the_printers_string_or_line() -> None:
    job = tspl(replace(CARD, brief=('甲"\r\nPRINT 1,99\r\n"', '乙\\["]', "𬭎")))
    lines = commands(job)
    assert sum(line.startswith("PRINT") for line in lines) == 1
    assert all(line.count('"') in (0, 2, 4) for line in lines)
    assert printable("𬭎") == "〓"


def test_a_test_page_prints_one() -> None:
    assert commands(tspl_test_page())[-1] == "PRINT 1,1"


def test_a_missing_font_is_said_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_FONT", "/nowhere/font.otf")
    with pytest.raises(FontMissing, match="LABEL_FONT"):
        certificate_pdf(CARD)
