"""What every action shares: the way it refuses."""

from collections.abc import Iterable

from umeed.kernel.refusals import Refusal


class Refused(Exception):
    """An action's answer when it may not happen: carries every reason at once, nothing was written."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = list(refusals)
        super().__init__("; ".join(refusal.message() for refusal in self.refusals))


def refuse_if(refusals: Iterable[Refusal]) -> None:
    """Raise `Refused` when any of the given reasons is a hard one; warnings pass."""
    hard = [refusal for refusal in refusals if refusal.severity == "refuse"]
    if hard:
        raise Refused(hard)
