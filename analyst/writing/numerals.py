"""Numbers as people of either language write them: 1.2M or 120万, 1,234.5, $3.4K, 12.5%."""

from __future__ import annotations

from connectors.wording import Language

CURRENCIES = frozenset("$€£¥￥₹₩₽₺₫₱₦") | {"US$", "HK$", "A$", "C$", "R$"}
"""Units that stand before the number."""

STEPS: dict[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")),
    "zh": ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")),
}


def compact(number: float, language: Language, unit: str = "") -> str:
    """A number in three or four digits, as on an axis: 1.2M, 120万, $3.4K."""
    if unit[:1] in {"万", "亿"}:
        # Counted in 万 already: 12,000 of 万元 are no 1.2万万元.
        return exact(float(f"{number:.6g}"), language, unit)
    size = abs(number)
    # 999,950 rounds up to 1,000K: the step is chosen by what would be written.
    step, name = next(((step, name) for step, name in STEPS[language] if size >= step * 0.99995), (1.0, ""))
    return with_unit(_short(number / step) + name, language, unit)


def _short(number: float) -> str:
    size = abs(number)
    if size and size < 0.0001:
        return f"{number:.2e}"
    digits = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 4
    text = f"{number:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def exact(number: float, language: Language, unit: str = "") -> str:
    """A number with thousands separators and all digits that matter: 1,234,567.89."""
    if isinstance(number, int) or float(number).is_integer():
        return with_unit(f"{int(number):,}", language, unit)
    digits = 2 if abs(number) >= 1 else 4
    text = f"{number:,.{digits}f}" if abs(number) >= 0.0001 else f"{number:.3g}"
    return with_unit(text.rstrip("0").rstrip(".") if "e" not in text else text, language, unit)


def with_unit(text: str, language: Language, unit: str) -> str:
    """A written number with its unit where the language puts it."""
    unit = unit.strip()
    if not unit:
        return text
    if unit in CURRENCIES:
        return f"-{unit}{text[1:]}" if text.startswith("-") else unit + text
    if unit in {"%", "％", "°", "°C", "°F", "℃", "‰"}:
        return text + unit
    # Chinese writes 件 and 元 close to the number, English sets kg apart.
    return text + unit if not unit.isascii() else f"{text} {unit}"
