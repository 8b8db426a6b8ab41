"""Money as the meeting shows it."""

from django import template
from django.utils.translation import get_language_bidi

from umeed.kernel.money import rupees

register = template.Library()
_FROM_LEFT, _END = "\u2066", "\u2069"


@register.filter
def money(paise: object) -> str:
    """Whole paise → "₹ 1,234", paise only where there are some: a page full of noughts is hard to read.

    In a line from right to left the sign stays in front of its number (Unicode's isolates).
    """
    if not isinstance(paise, int):
        return "–"
    text = rupees(paise).replace("₹", "₹\u00a0")
    return f"{_FROM_LEFT}{text}{_END}" if get_language_bidi() else text
