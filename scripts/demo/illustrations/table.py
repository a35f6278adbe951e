"""What the articles for those who buy and eat show."""

from scripts.demo.illustrations.sheet import (
    AMBER,
    AMBER_SOFT,
    BLUE,
    GREEN,
    GREEN_SOFT,
    LEAF,
    LEAF_DARK,
    LINE,
    PAPER,
    RED,
    RED_SOFT,
    SOFT,
    WHITE,
    Sheet,
    apple,
    bowl,
    cabbage,
    drop,
    leaf,
    qr,
    tap,
)


def washing_steps() -> Sheet:
    sheet = Sheet("蔬菜水果这样洗")
    told = (("掰开", "流水冲", 126), ("清水泡", "几分钟", 362), ("捞出来", "再冲净", 598), ("去掉皮", "和老叶", 834))
    for number, (said, then, x) in enumerate(told, 1):
        sheet.box(x - 110, 120, x + 110, 590, WHITE, LINE)
        sheet.number(x, 172, number)
        sheet.words(x, 500, said, 44, bold=True)
        sheet.words(x, 552, then, 44, bold=True)
    tap(sheet, 142, 300)
    cabbage(sheet, 130, 404, 62)
    apple(sheet, 327, 356, 36)
    apple(sheet, 399, 360, 32)
    bowl(sheet, 362, 372, 90)
    for x, y, size in ((330, 256, 8), (372, 236, 10), (398, 266, 7)):
        sheet.disc(x, y, size, PAPER, edge="#8fc3e3")
    tap(sheet, 614, 300)
    apple(sheet, 604, 412, 56)
    apple(sheet, 816, 350, 62)
    sheet.arc(844, 356, 74, 300, 120, "#e7a08f", 16)
    leaf(sheet, 852, 442, 50, 0.35)
    return sheet


def certificate_parts() -> Sheet:
    sheet = Sheet("合格证先看这四处")
    sheet.box(40, 116, 560, 614, WHITE, GREEN, round_=14)
    sheet.words(300, 164, "承诺达标合格证", 46, GREEN, bold=True)
    sheet.line([(76, 204), (524, 204)], GREEN, 3)
    for y, said in ((246, "不使用禁用药"), (296, "常规药残留不超标")):
        sheet.tick(92, y, 20)
        sheet.words(126, y, said, 36, at="lm")
    for y, said in ((366, "产品：苹果"), (416, "数量：500 千克"), (466, "产地：某县某镇"), (516, "承诺人：合作社")):
        sheet.words(76, y, said, 34, SOFT, at="lm")
    sheet.words(76, 572, "开具日期：某年某月某日", 30, SOFT, at="lm")
    qr(sheet, 394, 366, 130)
    told = (
        ((556, 270), "承诺了什么"),
        ((350, 366), "是不是这批货"),
        ((350, 516), "谁负责"),
        ((556, 440), "扫码看真假"),
    )
    for number, ((x, y), said) in enumerate(told, 1):
        place = 176 + (number - 1) * 122
        sheet.box(610, place - 46, 932, place + 46, GREEN_SOFT)
        sheet.number(656, place, number)
        sheet.words(698, place, said, 36, bold=True, at="lm")
        sheet.number(x, y, number)
    return sheet


def scan_verdicts() -> Sheet:
    sheet = Sheet("扫码以后，看最上面一行")
    told = (
        (GREEN, GREEN_SOFT, "有效", "对一对货和产地"),
        (RED, RED_SOFT, "已作废", "不能当合格证用"),
        (AMBER, AMBER_SOFT, "暂停", "还在查，先别买卖"),
        (SOFT, WHITE, "查不到", "可能是假的，可举报"),
    )
    for number, (strong, soft, said, then) in enumerate(told):
        y = 176 + number * 122
        sheet.box(50, y - 52, 910, y + 52, soft, strong)
        if strong == GREEN:
            sheet.tick(116, y)
        elif strong == RED:
            sheet.cross(116, y)
        else:
            sheet.disc(116, y, 34, strong)
            sheet.words(116, y, "!" if strong == AMBER else "?", 48, WHITE, bold=True)
        sheet.words(178, y, said, 50, strong, bold=True, at="lm")
        sheet.words(872, y, then, 42, at="rm")
    return sheet


def worm_hole_times() -> Sheet:
    sheet = Sheet("有虫眼，也可能打过药")
    for x, said, then in ((170, "先有虫", "咬出洞"), (480, "再打药", "虫没了"), (790, "洞还在", "不会长好")):
        sheet.box(x - 140, 120, x + 140, 590, WHITE, LINE)
        leaf(sheet, x, 290, 118, -0.5)
        for dx, dy, size in ((-40, 44, 17), (22, 2, 20), (52, -50, 14), (-8, -18, 10)):
            sheet.disc(x + dx, 290 + dy, size, WHITE, edge=LEAF_DARK)
        sheet.words(x, 470, said, 48, bold=True)
        sheet.words(x, 534, then, 44, SOFT)
    for number in range(5):
        sheet.disc(112 + number * 22, 214 - (number % 2) * 9, 16, LEAF if number else LEAF_DARK)
    for number in range(9):
        drop(sheet, 396 + number * 22, 190 + (number % 3) * 22, 7)
    sheet.arrow(314, 356, 336)
    sheet.arrow(624, 356, 646)
    return sheet


def three_waxes() -> Sheet:
    sheet = Sheet("苹果上的“蜡”，分三种")
    told = (
        (170, "果蜡", "苹果自己长的", True),
        (480, "食用被膜剂", "按标准可以用", True),
        (790, "工业石蜡", "违法，不许用", False),
    )
    for x, name, said, good in told:
        sheet.box(x - 140, 120, x + 140, 590, GREEN_SOFT if good else RED_SOFT, GREEN if good else RED)
        sheet.disc(x, 296, 112, WHITE, edge=GREEN if good else RED)
        apple(sheet, x, 304, 74)
        (sheet.tick if good else sheet.cross)(x + 96, 384, 32)
        sheet.words(x, 468, name, 46, GREEN if good else RED, bold=True)
        sheet.words(x, 536, said, 38)
    return sheet


def report_steps() -> Sheet:
    sheet = Sheet("一件举报怎么走")
    told = (
        ("写下来", "可以不留姓名"),
        ("记住回执", "凭它查进展"),
        ("有人办", "按工作日算期限"),
        ("看结果", "不满意可以再提一次"),
    )
    sheet.line([(110, 176), (110, 542)], GREEN, 8)
    for number, (said, then) in enumerate(told, 1):
        y = 176 + (number - 1) * 122
        sheet.box(180, y - 50, 910, y + 50, WHITE, LINE)
        sheet.number(110, y, number)
        sheet.words(214, y, said, 48, GREEN, bold=True, at="lm")
        sheet.words(874, y, then, 40, SOFT, at="rm")
    return sheet


def log_to_trust() -> Sheet:
    sheet = Sheet("从地里到手里，看得见")
    for x, name in ((130, "记录"), (363, "检查"), (597, "合格证"), (830, "扫码")):
        sheet.disc(x, 310, 96, WHITE, edge=GREEN)
        sheet.words(x, 472, name, 48, GREEN, bold=True)
        if x < 800:
            sheet.arrow(x + 106, 310, x + 130, BLUE)
    leaf(sheet, 130, 310, 62, -0.6)
    sheet.tick(363, 310, 56)
    sheet.box(548, 254, 646, 366, WHITE, GREEN, round_=8)
    for y in (282, 308, 334):
        sheet.line([(568, y), (626, y)], GREEN, 6)
    qr(sheet, 786, 266, 88)
    sheet.words(480, 566, "记录不支持的，平台不给开证", 44)
    return sheet
