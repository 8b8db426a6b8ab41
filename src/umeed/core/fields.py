"""Model fields of the house: text that is sealed at rest, and the sounds of a name."""

from typing import Any

from django.db import models

from umeed.core.seal import opened, sealed
from umeed.kernel.names import spelling_key

# What stands for a value of which nothing is told: always six dots, so that its length tells nothing.
COVERED = "••••••"


def masked(text: str, *, keep: int = 4) -> str:
    """`••••••3210`: as many dots as hidden characters, the last `keep` shown; short texts are hidden whole."""
    if len(text) <= keep:
        return "•" * len(text)
    return "•" * (len(text) - keep) + text[-keep:]


class SealedTextField(models.TextField):
    """Text that PostgreSQL only ever sees sealed. `filter(phone="98…")` works by equality; order and like do not.

    `purpose` is bound into the seal: never change it once there is data.
    """

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return sealed(text, self.purpose) if text else text

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return opened(value, self.purpose) if value else value


class SoundsField(models.CharField):
    """The spelling keys of the name in the field `of`, for finding it in any spelling. Follows the name when saved."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"max_length": 200, "blank": True, "editable": False} | kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def sounds(self, name: str) -> str:
        """What is kept of a name. A ligature can sound longer than it is written: what no column holds is cut."""
        return spelling_key(name)[: self.max_length]

    def pre_save(self, instance: models.Model, add: bool) -> str:
        sounds = self.sounds(getattr(instance, self.of))
        setattr(instance, self.attname, sounds)
        return sounds
