"""How what is done with phones and what they sent is told in "who did what"."""

from django.utils.translation import gettext_lazy as _

from umeed.core.audit_pages import subjects, words

ACTIONS = {
    "give_phone_code": _("Gave a code for a phone"),
    "enrol_phone": _("Enrolled a phone"),
    "end_phone": _("Ended a phone"),
    "leave_phone": _("Signed out on a phone"),
    "undo_end_phone": _("Took back that a phone was ended"),
    "ask_wipe": _("Asked a phone to forget everything"),
    "undo_wipe": _("Took back that a phone forgets everything"),
    "keep_command": _("Kept what a phone sent and was not posted"),
    "let_in_command": _("Let in what a phone had sent"),
    "turn_down_command": _("Did not let in what a phone had sent"),
    "put_aside_command": _("Put aside what a phone had sent"),
    "try_command_again": _("Let what a phone had sent be tried again"),
    "attach_page": _("Attached a picture of a signed page"),
    "look_at_page": _("Looked at the picture of a signed page"),
}


def declare() -> None:
    """Called once at start."""
    words.say(ACTIONS)
    words.call({
        "field_device": _("Phone"), "field_phonecode": _("Code for a phone"), "field_command": _("Sent by a phone"),
        "field_page": _("Picture of a signed page"),
    })  # fmt: skip
    words.title("field_device", {"owner": _("Person"), "replaced_by": _("Replaced by"), **_TOLD})
    words.title("field_phonecode", {"owner": _("Person"), "device": _("Phone"), **_CODE})
    words.technical("field_device", ["token_digest", "public_key", "phone", "told_numbers", "put_back_at"])
    words.technical("field_phonecode", ["digest"])
    subjects.tie({"field_device": ("owner",), "field_phonecode": ("owner",)})


_CODE = {"digest": _("Fingerprint of the code")}
_TOLD = {
    "public_key": _("Key by which it signs"), "token_digest": _("Fingerprint of the key"),
    "told_app": _("Version of the app"), "told_clock": _("Its clock"), "told_waiting": _("Waiting on it"),
    "told_drafts": _("Half written on it"), "told_pictures": _("Photos that are only on it"),
    "told_refused": _("Refused, to be mended on it"), "told_differs": _("Groups on which it does not agree"),
    "differs_since": _("Does not agree since"), "compared_on": _("Compared whole on"),
    "wipe_told_at": _("Told to forget everything at"), "wipe_waits_since": _("Waits in vain since"),
    "told_numbers": _("Numbers of answers"), "put_back_at": _("Number at which the server was put back"),
}  # fmt: skip
