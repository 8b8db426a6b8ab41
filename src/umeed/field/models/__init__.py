"""Phones and their codes, what they sent, what changed since they asked."""

from umeed.field.models.commands import Command, Page
from umeed.field.models.devices import Device, PhoneCode
from umeed.field.models.keys import ServerKey
from umeed.field.models.marks import Mark, What

__all__ = ["Command", "Device", "Mark", "Page", "PhoneCode", "ServerKey", "What"]
