"""The first person of an installation is appointed from the machine, without any password being made."""

import pytest
from django.core.management import CommandError, call_command

from umeed.access.invitations import person_of
from umeed.access.models import User
from umeed.access.scope import scope_of


def test_appointing_from_the_command_line(db, capsys) -> None:
    call_command("appoint_administrator", "first", "First Person")
    link = capsys.readouterr().out.split()[0]
    person = User.objects.get(username="first")
    assert person_of(link.rstrip("/").rsplit("/", 1)[1]) == person
    assert not person.has_usable_password()
    assert {grant.role for grant in scope_of(person).grants} == {"site_administrator"}
    with pytest.raises(CommandError, match="is taken"):
        call_command("appoint_administrator", "FIRST", "Somebody")
