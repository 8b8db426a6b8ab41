"""How this room's actions are told in the audit pages, and what these cover."""

from django.utils.translation import gettext_lazy as _

from umeed.core.audit_pages import words


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
            "sign_in": _("Signed in"),
            "sign_in_failed": _("Wrong password"),
            "read_covered": _("Looked at covered fields"),
        }
    )
    words.cover("access_user", {"email": "users.change", "phone": "users.change"})
