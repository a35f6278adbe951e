"""What the articles for growers and keepers show."""

from scripts.demo.illustrations.sheet import (
    AMBER,
    AMBER_SOFT,
    GREEN,
    GREEN_SOFT,
    INK,
    LINE,
    PAPER,
    RED,
    RED_SOFT,
    SOFT,
    WHITE,
    Sheet,
    bottle,
)


def phi_calendar() -> Sheet:
    sheet = Sheet("标签写 14 天，怎么数")
    for column, name in enumerate("日一二三四五六"):
        sheet.words(114 + column * 122, 130, name, 36, SOFT)
    for day in range(1, 22):
        column, row = (day + 5) % 7, (day + 5) // 7
        x, y = 114 + column * 122, 196 + row * 98
        waiting, free = day < 15, day >= 15
        fill = RED_SOFT if waiting else GREEN_SOFT
        sheet.box(x - 56, y - 44, x + 56, y + 44, RED if day == 1 else GREEN if day == 15 else fill, round_=16)
        strong = day in (1, 15)
        sheet.words(x, y, str(day), 46, WHITE if strong else GREEN if free else RED, bold=strong)
    sheet.words(420, 196, "8 月", 46, SOFT)
    for left, fill, said in ((60, RED, "1 日打药"), (310, RED_SOFT, "等，不能摘"), (600, GREEN, "15 日起可以摘")):
        sheet.box(left, 578, left + 44, 618, fill, round_=10)
        sheet.words(left + 60, 598, said, 38, at="lm")
    return sheet


def label_parts() -> Sheet:
    sheet = Sheet("天数就写在标签上")
    bottle(sheet, 270, 610, 500)
    for number, said in enumerate(("农药登记证号", "作物和防治对象", "用药量、方法", "安全间隔期 14 天")):
        y, chief = 334 + number * 66, number == 3
        if chief:
            sheet.box(150, y - 30, 390, y + 30, RED_SOFT, RED, round_=10)
        sheet.line([(168, y), (300 if number % 2 else 340, y)], RED if chief else LINE, 12)
        left, right = 540, 940
        sheet.line([(392, y), (left - 8, 190 + number * 118)], RED if chief else SOFT, 4)
        sheet.box(left, 148 + number * 118, right, 232 + number * 118, RED if chief else WHITE, RED if chief else LINE)
        sheet.words((left + right) / 2, 190 + number * 118, said, 44, WHITE if chief else INK, bold=chief)
    return sheet


def log_page() -> Sheet:
    sheet = Sheet("干完活，当天记一笔")
    sheet.box(60, 116, 900, 600, WHITE, LINE, round_=14)
    for number in range(6):
        sheet.disc(60, 168 + number * 76, 13, PAPER, edge=SOFT)
    told = (
        ("哪一天", "8 月 1 日"),
        ("哪块地", "东塬果园 6 亩"),
        ("干什么", "打药，治蚜虫"),
        ("用什么", "登记证号、用量"),
        ("到几时", "8 月 15 日起可采收"),
    )
    for number, (asked, said) in enumerate(told):
        y = 168 + number * 94
        last = number == len(told) - 1
        if number:
            sheet.line([(100, y - 47), (870, y - 47)], LINE, 2)
        sheet.words(110, y, asked, 44, SOFT, at="lm")
        sheet.words(300, y, said, 46, GREEN if last else INK, bold=last, at="lm")
    sheet.tick(830, 168, 30)
    return sheet


def withdrawal_line() -> Sheet:
    sheet = Sheet("给鸡用了药，蛋要等几天")
    sheet.line([(90, 380), (880, 380)], LINE, 16)
    sheet.line([(180, 380), (690, 380)], RED, 16)
    sheet.line([(690, 380), (860, 380)], GREEN, 16)
    bottle(sheet, 180, 340, 200, "#2b6c99")
    for x in (340, 430, 520):
        sheet.disc(x, 268, 34, "#e9d9bf", 44)
        sheet.cross(x + 26, 306, 20)
    for x, y in ((726, 276), (786, 276), (846, 276), (756, 222), (816, 222)):
        sheet.disc(x, y, 30, "#d9a877", 38)
    sheet.tick(878, 310, 26)
    for x, fill in ((180, RED), (690, GREEN)):
        sheet.disc(x, 380, 24, WHITE, edge=fill)
    sheet.words(180, 446, "最后一次用药", 40, RED, bold=True)
    sheet.words(440, 446, "休药期", 46, RED, bold=True)
    sheet.words(776, 446, "可以卖", 46, GREEN, bold=True)
    sheet.box(60, 506, 900, 604, AMBER_SOFT)
    sheet.words(480, 555, "天数看兽药标签；等的时候下的蛋不能卖", 42, AMBER, bold=True)
    return sheet


def banned_four() -> Sheet:
    sheet = Sheet("2026 年 6 月 1 日起全面禁用")
    for number, name in enumerate(("克百威", "氧乐果", "灭多威", "涕灭威")):
        x = 140 + number * 227
        bottle(sheet, x, 420, 270, "#8d5a4c")
        sheet.words(x, 316, name, 38, RED, bold=True)
        sheet.cross(x + 66, 404, 36)
    sheet.box(50, 476, 910, 602, RED_SOFT, RED)
    sheet.words(480, 516, "家里剩的也不能再用", 46, RED, bold=True)
    sheet.words(480, 566, "不要倒进沟里，问清楚怎么回收", 38)
    return sheet
