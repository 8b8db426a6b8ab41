"""Forms about a woman or an institution that make or end what ties her to others: each calls one action.

The record in question is the form's `subject`; what the form makes gets its id from the page, so that sending it twice
makes one. What it ends is chosen from a short list of what holds today.
"""

from umeed.institutions.acts.of_institutions import (
    AccountCloseForm,
    AccountForm,
    FederationEndForm,
    FederationForm,
    OfficeEndForm,
    OfficeForm,
    SignatoryEndForm,
    SignatoryForm,
    StatusForm,
)
from umeed.institutions.acts.of_women import (
    AliasEndForm,
    AliasForm,
    ConsentForm,
    HouseholdForm,
    IdentityForm,
    JoinForm,
    MoveForm,
    TransferForm,
    WithdrawForm,
)
from umeed.institutions.acts.shared import LeaveForm, SubjectForm

__all__ = [
    "AccountCloseForm",
    "AccountForm",
    "AliasEndForm",
    "AliasForm",
    "ConsentForm",
    "FederationEndForm",
    "FederationForm",
    "HouseholdForm",
    "IdentityForm",
    "JoinForm",
    "LeaveForm",
    "MoveForm",
    "OfficeEndForm",
    "OfficeForm",
    "SignatoryEndForm",
    "SignatoryForm",
    "StatusForm",
    "SubjectForm",
    "TransferForm",
    "WithdrawForm",
]
