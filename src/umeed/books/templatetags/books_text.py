"""Money as the meeting shows it."""

from django import template

from umeed.core.templatetags.umeed_text import DASH, left_to_right
from umeed.kernel.money import rupees

register = template.Library()


@register.filter
def money(paise: object) -> str:
    """Whole paise → "₹ 1,234", paise only where there are some: a page full of noughts is hard to read.

    In a line from right to left the sign stays in front of its number.
    """
    if not isinstance(paise, int):
        return DASH
    return left_to_right(rupees(paise).replace("₹", "₹\u00a0"))
