"""How this room's actions are told in the audit pages, and what these cover."""

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from umeed.core.audit_pages import subjects, words
from umeed.kernel.refusals import N_

APPOINTED = N_("Appointed from the command line")


def declare() -> None:
    words.say(
        {
            "invite_person": _("Invited a person"),
            "change_person": _("Corrected a person's account"),
            "post_person": _("Gave a role"),
            "end_posting": _("Ended a posting"),
            "switch_off_person": _("Switched off an account"),
            "switch_on_person": _("Switched an account on again"),
            "give_sign_in_link": _("Gave a link to set a password"),
            "remove_second_factor": _("Took off a second step"),
            "set_password": _("Set a password by a one-time link"),
            "change_password": _("Changed the password"),
            "reset_password": _("Set a new password by mail"),
            "add_mail_address": _("Added a mail address"),
            "change_mail_address": _("Changed the mail address"),
            "remove_mail_address": _("Removed a mail address"),
            "add_second_factor": _("Added a second step"),
            "renew_recovery_codes": _("Made new recovery codes"),
            "look_at_recovery_codes": _("Looked at the recovery codes"),
            "download_recovery_codes": _("Took the recovery codes away as a file"),
            "drop_second_factor": _("Removed a second step"),
            "second_step_failed": _("Wrong second step"),
            "connect_single_sign_on": _("Connected single sign-on"),
            "disconnect_single_sign_on": _("Disconnected single sign-on"),
            "sign_in": _("Signed in"),
            "sign_in_failed": _("Wrong password"),
            "read_covered": _("Looked at covered fields"),
        }
    )
    words.explain({APPOINTED: gettext_lazy(APPOINTED)})
    words.call({"access_user": _("Person"), "access_posting": _("Posting")})
    words.title("access_user", {"theme": _("Light or dark")})
    words.title(
        "access_posting",
        {
            "during": _("Time"),
            "user": _("Person"),
            "role": _("Role"),
            "place": _("Place"),
            "institution_id": _("Institution"),
            "why": _("Why"),
        },
    )
    words.point("access_posting", {"institution_id": "institutions_institution"})
    subjects.tie({"access_posting": ("user",)})
    words.cover("access_user", {"email": "users.change", "phone": "users.change"})
