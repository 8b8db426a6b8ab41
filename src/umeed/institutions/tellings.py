"""How this room's actions, records and columns are told in "who did what" and in histories."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from umeed.core.audit_pages import subjects, words
from umeed.core.scope import Scope

ACTIONS = {
    "enrol_woman": _("Entered a woman"),
    "correct_woman": _("Corrected a woman's record"),
    "identify_woman": _("Kept the mark of an identity number"),
    "move_household": _("Moved a woman to another home"),
    "correct_household": _("Corrected a household"),
    "join_group": _("Made a woman a member"),
    "leave_group": _("Ended a membership"),
    "transfer": _("Changed a woman's group"),
    "form_group": _("Entered an institution"),
    "correct_group": _("Corrected an institution's record"),
    "change_status": _("Changed a status"),
    "elect_office": _("Recorded an election"),
    "end_office": _("Ended an office"),
    "open_account": _("Recorded a bank account"),
    "close_account": _("Closed a bank account"),
    "add_signatory": _("Named who signs for an account"),
    "end_signatory": _("Ended the right to sign for an account"),
    "federate": _("Recorded membership in a federation"),
    "leave_federation": _("Ended membership in a federation"),
    "give_consent": _("Recorded a consent"),
    "withdraw_consent": _("Recorded a withdrawal of consent"),
    "give_alias": _("Added an id of another system"),
    "end_alias": _("Ended an id of another system"),
}
TABLES = {
    "institutions_woman": _("Woman"),
    "institutions_household": _("Household"),
    "institutions_institution": _("Institution"),
    "institutions_membership": _("Membership"),
    "institutions_officeterm": _("Office"),
    "institutions_federation": _("Membership in a federation"),
    "institutions_statusterm": _("Status"),
    "institutions_bankaccount": _("Bank account"),
    "institutions_signatory": _("Right to sign"),
    "institutions_consent": _("Consent"),
    "institutions_alias": _("Id of another system"),
}
COLUMNS = {
    "woman": _("Woman"),
    "household": _("Household"),
    "institution": _("Institution"),
    "member": _("Member"),
    "above": _("Belongs to"),
    "account": _("Account"),
    "during": _("Time"),
    "kind": _("Kind"),
    "status": _("Status"),
    "why": _("Why"),
    "leave_note": _("Note"),
    "merged_into": _("Merged into"),
    "identity_hash": _("Mark of the identity number"),
    "belonging_names_local": _("Husband's, father's or mother's name in that script"),
}
# What ties a woman and an institution, or two of them, is told by their names.
TIES = {
    "institutions_membership": ("woman", "institution"),
    "institutions_officeterm": ("woman", "institution"),
    "institutions_federation": ("member", "above"),
    "institutions_statusterm": ("institution",),
    "institutions_bankaccount": ("institution",),
    "institutions_signatory": ("woman",),
    "institutions_consent": ("woman",),
    "institutions_alias": ("woman", "household", "institution"),
}


def _households(scope: Scope) -> Any:
    from umeed.institutions.models import Household

    return Household.objects.seen_by(scope, "women.see")


def declare() -> None:
    """Called once at start."""
    words.say(ACTIONS)
    words.call(TABLES)
    for table in TABLES:
        words.title(table, COLUMNS)
    words.name_by({"institutions_household": "head_name"})
    subjects.tie(TIES)
    subjects.show("institutions_household", _households)
