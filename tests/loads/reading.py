"""Pages of loads as tests read them."""

import re

BAD = ("Elsewhere", "covered", "01-04-2024", "", "")


def words(response):
    """The text of a page without tags, spaces folded."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&#x27;", "'").replace("&quot;", '"').split())


def at(load, rest=""):
    return f"/loads/{load.pk}/{rest}"
