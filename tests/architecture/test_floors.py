"""Imports only go down, and so do foreign keys."""

from django.apps import apps

FLOORS = [
    "kernel",
    "launcher",
    "core",
    "places",
    "access",
    "institutions",
    "books",
    "duplicates",
    "profiles",
    "field",
    "simulator",
    "api",
    "web",
    "bench",
    "config",
]


def _room(module: str) -> str:
    return module.split(".")[1]


def test_foreign_keys_only_go_down() -> None:
    upward = []
    for model in apps.get_models():
        if not model.__module__.startswith("umeed."):
            continue
        for field in model._meta.concrete_fields:
            target = field.related_model
            if target is None or not target.__module__.startswith("umeed."):
                continue
            if FLOORS.index(_room(target.__module__)) > FLOORS.index(_room(model.__module__)):
                upward.append(f"{model.__name__}.{field.name} → {target.__name__}")
    assert upward == []


def test_every_room_has_its_page_of_words() -> None:
    from pathlib import Path

    import umeed

    home = Path(umeed.__file__).parent
    missing = [room for room in FLOORS if not (home / room / "README.md").exists()]
    assert missing == []
