"""The parts of the bench, in the order in which the product grows."""

from importlib import import_module

FOUNDATION, BOOKS, FIELD, HISTORIES = "foundation", "books", "field", "histories"
PARTS = {
    FOUNDATION: "places, people, institutions, registers, loads and profiles",
    BOOKS: "the books of groups and federations",
    "phone": "the phone that works without a network",
    FIELD: "what phones send to the server",
    HISTORIES: "histories of phones, network and server by chance",
    "monitoring": "targets, plans and reports",
    "credit": "bank credit",
    "scale": "many missions and many people at once",
}
"""Part: what it is about. Those without promises come with the rooms that bring them."""
BARE = {HISTORIES}
"""These need nothing that is loaded."""


def bring_in(part: str) -> None:
    """Have a part's promises declared, if there is such a part here yet."""
    module = f"{__package__}.{part}"
    try:
        import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name != module:
            raise
