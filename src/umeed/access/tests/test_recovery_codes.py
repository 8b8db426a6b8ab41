"""Recovery codes: found again after the password until they are used, and each look at them is in the chain."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client

from umeed.core.models import AuditEntry

PASSWORD = "plough-apricot-jhelum-maina"
SHOWN, FILE = "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/download/"


@pytest.fixture
def auditor(scene):
    cache.clear()
    person = scene.people["auditor"]
    person.set_password(PASSWORD)
    person.save()
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    return person


def _looks():
    entries = AuditEntry.objects.filter(did__in=["look_at_recovery_codes", "download_recovery_codes"]).order_by("seq")
    return list(entries.values_list("did", flat=True))


def test_each_look_is_in_the_chain_and_the_codes_are_not(auditor) -> None:
    codes = RecoveryCodes.activate(auditor).get_unused_codes()
    client = Client()
    client.force_login(auditor)
    for page in (SHOWN, FILE):
        assert client.get(page).url.startswith("/accounts/reauthenticate/"), "first her password"
    assert _looks() == []
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for _time in range(2):
        assert codes[0] in client.get(SHOWN).content.decode()
    assert codes[0] in client.get(FILE).content.decode()
    assert _looks() == ["look_at_recovery_codes", "look_at_recovery_codes", "download_recovery_codes"]
    last = AuditEntry.objects.latest("seq")
    assert (last.actor, last.subject_id) == (str(auditor.pk), str(auditor.pk))
    assert codes[0] not in str(list(AuditEntry.objects.values()))


def test_what_was_not_there_was_not_looked_at(auditor) -> None:
    client = Client()
    client.force_login(auditor)
    for page in (SHOWN, FILE):
        assert client.get(page).status_code == 404
    visitor = Client().get(SHOWN)
    assert visitor.status_code == 302 and visitor.url.startswith("/accounts/login/")
    assert _looks() == []
