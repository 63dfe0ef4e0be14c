"""Chinese numerals as figures: what 三百五, 两千 or 八五折 stand for, alone and in running text. Pure.

`value` reads one numeral, `spelled` writes one, `figures` rewrites those of a text so that 三人帐篷 and 3人帐篷 are
the same words. In running text much that looks like a numeral is none (一起, 十分, 千万别, 万一), so there a numeral
counts only with a unit inside (三百, 二十), or before a measure word (三人, 两天); 一 only before what is really
counted, since 一个 and 一件 mean "a". Two digits side by side (七八天, "seven or eight days") are left as they are.

Texts are simplified Chinese in half-width forms (`words.fold`); 兩 and 萬 are read too.
"""

import re
from decimal import Decimal

_DIGITS = {char: i % 10 for i, char in enumerate("零一二三四五六七八九〇壹两叁肆伍陆柒捌玖")} | {"贰": 2, "兩": 2}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_DIGIT = "".join(_DIGITS)
_UNIT = "".join((*_SMALL, *_BIG))
_ZERO = "零〇"
_HALF = Decimal("0.5")
_PLACES = 3
"""So many digits in a row, without a unit, are read one by one: 二〇二六. Two are a guess between neighbours: 七八."""

_COUNTED = (
    "个月|小时|分钟|星期|礼拜|公斤|千克|毫升|厘米|公分|毫米|英寸|美元|美金|欧元|英镑|加元|港币|人民币|"
    "[人位元块圆天日年月周秒升克斤米寸码号折度岁层季倍件双条只套张个口款种次期档磅]"
)
_REALLY_ONE = "个月|小时|分钟|星期|礼拜|公斤|千克|[人天年月周升斤米层季]"
_MONEY = "[元块]|美元|美金|欧元|英镑|加元"
_HALVED = "小时|公斤|千克|[年天斤米升]"
_RUN = re.compile(rf"(?P<percent>百分之)?(?P<lead>\d+(?:\.\d+)?)?(?P<run>[{_DIGIT}{_UNIT}]+)(?P<point>点[{_DIGIT}]+)?")
_AFTER = re.compile(rf"\s*(?:{_COUNTED})")
_AFTER_ONE = re.compile(rf"\s*(?:{_REALLY_ONE})")
_AFTER_UNIT = re.compile(rf"\s*(?:{_MONEY})")
_AND_A_HALF = re.compile(rf"(\d+)(\s?(?:个)?(?:{_HALVED}))半(?!价)")
_HALF_A = re.compile(r"(?<![\d一-鿿])半(?=个?(?:小时|公斤|千克|[斤米升]))")


def value(text: str) -> Decimal | None:
    """What a numeral stands for, None if it is none: 三百五 350, 一万二 12000, 三点五 3.5, 半 0.5, 3千 3000, 12 12."""
    if text == "半":
        return _HALF
    if re.fullmatch(r"\d+(?:\.\d+)?", text, re.ASCII):
        return Decimal(text)
    whole, point, rest = text.partition("点")
    if point:
        digits = [_DIGITS.get(char) for char in rest]
        before = value(whole)
        if before is None or before % 1 or not digits or None in digits:
            return None
        return before + Decimal("0." + "".join(map(str, digits)))
    if led := re.fullmatch(rf"(\d+(?:\.\d+)?)([{_UNIT}])", text, re.ASCII):
        return (Decimal(led[1]) * (_SMALL | _BIG)[led[2]]).normalize()
    found = _spelled_out(text) if text and all(char in _DIGITS for char in text) else _composed(text)
    return None if found is None else Decimal(found)


def spelled(number: int) -> str:
    """A whole number from 0 to 999,999,999,999 as it is written: 350 三百五十, 10005 一万零五, 15 十五.

    Raises:
        ValueError: It is outside of these.
    """
    if not 0 <= number < 10**12:
        raise ValueError(f"got {number}, wanted 0 to {10**12 - 1}")
    if number == 0:
        return "零"
    out, gap = "", False
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        section, number = divmod(number, size)
        if section:
            out += ("零" if out and (gap or section < 1000) else "") + _section(section) + unit
            gap = False
        else:
            gap = bool(out)
    return out[1:] if out.startswith("一十") else out


def figures(text: str) -> str:
    """The text with its numerals in figures: 三人帐篷 → 3人帐篷, 百分之二十 → 20%. Idempotent."""
    if not any(char in _DIGITS or char in _SMALL or char in _BIG or char == "半" for char in text):
        return text
    out, last = [], 0
    for match in _RUN.finditer(text):
        if (found := _figure(match, text)) is not None:
            out += [text[last : match.start()], found]
            last = match.end()
    rewritten = "".join([*out, text[last:]])
    rewritten = _AND_A_HALF.sub(lambda m: f"{m[1]}.5{m[2]}", rewritten)
    return _HALF_A.sub("0.5", rewritten)


def _figure(match: re.Match[str], text: str) -> str | None:
    """The figure for a run of numeral characters; None where it is to stay."""
    lead, run, end = match["lead"] or "", match["run"], match.end()
    if match["point"]:
        number = value(match.group().removeprefix("百分之"))
        fits = bool(_AFTER.match(text, end) or match["percent"])
    elif len(run) == 2 and not lead and text[end : end + 1] == "折" and all(c in _DIGITS for c in run):
        number, fits = Decimal("".join(str(_DIGITS[c]) for c in run)), True
    else:
        number = value(lead + run)
        fits = bool(match["percent"]) or _counts(lead, run, text, end)
    if number is None or not fits:
        return None
    return f"{number.normalize():f}" + ("%" if match["percent"] else "")


def _counts(lead: str, run: str, text: str, end: int) -> bool:
    """Whether a run in running text is meant as a number."""
    units = any(char in _SMALL or char in _BIG for char in run)
    if run[0] in "百千万亿" and not lead:
        return bool(_AFTER_UNIT.match(text, end))
    if lead or len(run) > 2 or (len(run) == 2 and units):
        return True
    return not text.startswith("第", end - 2) and bool((_AFTER_ONE if run == "一" else _AFTER).match(text, end))


def _spelled_out(text: str) -> int | None:
    """Digits one after another; 两 is not said so."""
    if len(text) == 1:
        return _DIGITS[text]
    if len(text) < _PLACES or set(text) & set("两兩"):
        return None
    return int("".join(str(_DIGITS[char]) for char in text))


def _composed(text: str) -> int | None:
    """A numeral with units; 万 and 亿 close a part each."""
    total, rest, size, below = 0, text, 10**12, 0
    while cut := re.search(f"[{''.join(_BIG)}]", rest):
        unit = _BIG[cut.group()]
        part = _part(rest[: cut.start()]) if cut.start() or total else (1 if text in _BIG else None)
        if part is None or not part or unit >= size:
            return None
        total, rest, size, below = total + part * unit, rest[cut.end() :], unit, unit // 10
    if not rest:
        return total or None
    if below and len(rest) == 1 and rest in _DIGITS and rest not in _ZERO:
        return total + _DIGITS[rest] * below
    last = _part(rest)
    return None if last is None or (total and last >= size) else total + last


def _part(text: str) -> int | None:
    """A numeral below 万: 三千零五, 二百五 (250), 十五; None if it is none."""
    total, digit, size, zero = 0, None, 10**4, False
    for place, char in enumerate(text):
        if char in _ZERO:
            if digit is not None or zero:
                return None
            zero = True
        elif char in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[char]
        elif char in _SMALL and _SMALL[char] < size:
            size = _SMALL[char]
            if digit is None and size != 10 and place:
                return None
            total, digit, zero = total + (1 if digit is None else digit) * size, None, False
        else:
            return None
    if digit is None:
        return None if zero or not total else total
    return total + digit * (size // 10 if 100 <= size < 10**4 and not zero else 1)


def _section(number: int) -> str:
    """A number from 1 to 9999, with 一十 in full."""
    out, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            out += ("零" if gap and out else "") + "零一二三四五六七八九"[digit] + unit
        gap = not digit
    return out
