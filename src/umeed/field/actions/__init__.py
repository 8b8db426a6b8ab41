"""All that is written about phones and what they sent, besides what their commands do."""

from umeed.field.actions.phones import ask_wipe, end_phone, enrol_phone, give_code, leave_phone, undo_end, undo_wipe

__all__ = ["ask_wipe", "end_phone", "enrol_phone", "give_code", "leave_phone", "undo_end", "undo_wipe"]
