"""A form over the real actions for women: what a room's own form looks like, kept small for the tests."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from umeed.core.forms import ActionModelForm
from umeed.core.registers.declare import Register
from umeed.core.scope import Scope
from umeed.institutions import actions
from umeed.institutions.actions import women as rules_of_women
from umeed.institutions.models import Woman
from umeed.institutions.registers import women
from umeed.kernel.refusals import Refusal
from umeed.places.models import Place


class TrialForm(ActionModelForm):
    """Name, village, birth, phone and disability of a woman."""

    sections = (("Who she is", ("name", "born_on")),)

    class Meta:
        model = Woman
        fields = ["name", "place", "born_on", "phone", "disability", "guardian_name", "is_insured"]

    def prepare(self, scope: Scope) -> None:
        if self.is_edit:
            del self.fields["place"]
        else:
            self.fields["place"].queryset = Place.objects.filter(kind="village").seen_by(scope, "women.change")

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        if self.is_edit:
            return rules_of_women.reasons_on_correcting(by, self.record, self.values)
        said = {key: value for key, value in self.values.items() if key != "place"}
        return rules_of_women.reasons_on_enrolling(by, **said)

    def act(self, *, by: Scope) -> Any:
        if self.is_edit:
            return actions.correct_woman(by=by, woman=self.record, **self.values)
        return actions.enrol_woman(by=by, id=self.record_id, **self.values)


def trial_register() -> Register:
    """The women's register with the form, under a name of its own."""
    return replace(women, key="trial", path="trial/", form=TrialForm)
