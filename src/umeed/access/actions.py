"""Everything that changes who has access: inviting, posting, ending, switching off, links and second factors."""

import datetime
from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import F

from umeed.access import records, rules
from umeed.access.capabilities import ROLES
from umeed.access.invitations import link_for
from umeed.access.models import Posting, User
from umeed.access.reach import (
    ADMINISTRATOR,
    Seat,
    as_asked_of,
    is_last_administrator,
    roles_over,
    seat_of,
    why_not_answer_for,
)
from umeed.core.actions import refuse_if
from umeed.core.audit import Trail, audited, picture
from umeed.core.dated import between
from umeed.core.scope import Scope
from umeed.kernel.ids import new_id
from umeed.kernel.refusals import N_, Refusal
from umeed.places.models import Place


def invite_person(
    *,
    by: Scope,
    username: str,
    name: str,
    role: str,
    since: datetime.date,
    why: str,
    place_id: int | None = None,
    institution_id: UUID | None = None,
    until: datetime.date | None = None,
    email: str = "",
    phone: str = "",
    language: str = "",
    user_id: UUID | None = None,
) -> tuple[User, str]:
    """A new person with her first posting. Answers her and the path of her one-time link to set a password.

    `until` is the first day without the role. Raises Refused with every reason at once; then nothing was written.
    """
    person = User(id=user_id or new_id(), username=username.strip(), name=name.strip(), email=email.strip().lower())
    person.phone, person.language = phone, language
    person.set_unusable_password()
    posting = Posting(user=person, role=role, place_id=place_id, institution_id=institution_id, why=why.strip())
    posting.during = between(since, until) if until is None or until > since else between(since, None)
    reasons = [*why_not_named(person), *_why_not_post(by, posting, since, until)]
    refuse_if(reasons)
    with audited(by=by, did="invite_person", why=why) as trail:
        person.save(force_insert=True)
        _keep_email(person)
        posting.save(force_insert=True)
        _say_place(trail, posting)
        trail.created(person)
        trail.created(posting)
    return person, link_for(person)


def why_not_named(person: User) -> list[Refusal]:
    """Every reason against a person's name, user name and mail address."""
    reasons = []
    if not person.name:
        reasons.append(Refusal("name", "name_missing", N_("Write her name.")))
    if not User.username_validator.regex.match(person.username):
        text = N_("A user name has letters, digits and . + - _ only, without spaces.")
        reasons.append(Refusal("username", "username_wrong", text))
    elif User.objects.filter(username__iexact=person.username).exclude(pk=person.pk).exists():
        text = N_("The user name %(username)s is taken. Choose another.")
        reasons.append(Refusal("username", "username_taken", text, {"username": person.username}))
    if person.email and User.objects.filter(email__iexact=person.email).exclude(pk=person.pk).exists():
        text = N_("Another person signs in with this mail address.")
        reasons.append(Refusal("email", "email_taken", text))
    return reasons


def _keep_email(person: User) -> None:
    """Single sign-on finds people by an address that an officer has vouched for."""
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
    if person.email:
        EmailAddress.objects.get_or_create(
            user=person, email=person.email, defaults={"primary": True, "verified": True}
        )


def _say_place(trail: Trail, posting: Posting) -> None:
    """The entry belongs to the place of the seat; an institution's place is asked of the room that keeps it."""
    place_id = posting.place_id
    if posting.institution_id:
        facts = records.institution_facts({posting.institution_id}).get(posting.institution_id)
        place_id = facts.place_id if facts else None
    trail.at_place(place_id)


def change_person(*, by: Scope, person: User, why: str = "", **values: Any) -> User:
    """Change name, username, email, phone, language or theme. Herself, or somebody who answers for her."""
    if str(person.pk) != by.viewer:
        refuse_if(why_not_answer_for(by, person))
    before = picture(person)
    for field in ("name", "username", "email", "phone", "language", "theme"):
        if field in values:
            setattr(person, field, values[field])
    refuse_if(why_not_named(person))
    with audited(by=by, did="change_person", why=why) as trail:
        person.save()
        _keep_email(person)
        trail.changed(person, before)
    return person


def post_person(
    *,
    by: Scope,
    user: User,
    role: str,
    since: datetime.date,
    why: str,
    place_id: int | None = None,
    institution_id: UUID | None = None,
    until: datetime.date | None = None,
) -> Posting:
    """Give a person a role at a place, at an institution, or (site administrator) for the installation.

    `until` is the first day without the role; None leaves it open. Raises Refused with every reason at once.
    """
    posting = Posting(user=user, role=role, place_id=place_id, institution_id=institution_id, why=why.strip())
    posting.during = between(since, until) if until is None or until > since else between(since, None)
    refuse_if(_why_not_post(by, posting, since, until))
    with audited(by=by, did="post_person", why=why) as trail:
        posting.save(force_insert=True)
        _say_place(trail, posting)
        trail.created(posting)
        trail.about(user)
    return posting


def _why_not_post(by: Scope, posting: Posting, since: datetime.date, until: datetime.date | None) -> list[Refusal]:
    role = ROLES.get(posting.role)
    if role is None:
        return [Refusal("role", "no_such_role", N_("Choose a role from the list."))]
    seat = seat_of(posting)
    wish = rules.Wish(
        posting.role, role.name, role.at, posting.place_id is not None, posting.institution_id is not None,
        _kind_of(seat), since, until, posting.why,
    )  # fmt: skip
    reasons = rules.why_not_post(
        wish,
        giver_roles=roles_over(by, [seat])[seat],
        to_herself=str(posting.user_id) == by.viewer,
        overlaps=_overlaps(posting),
        today=by.today,
    )
    return as_asked_of(by, reasons)


def _kind_of(seat: Seat) -> str:
    if seat.place_id is not None:
        return Place.objects.filter(pk=seat.place_id).values_list("kind", flat=True).first() or ""
    if seat.institution_id is not None:
        facts = records.institution_facts({seat.institution_id}).get(seat.institution_id)
        return facts.kind if facts else ""
    return ""


def _overlaps(posting: Posting) -> bool:
    held = Posting.objects.filter(
        user_id=posting.user_id, role=posting.role, place_id=posting.place_id, institution_id=posting.institution_id
    )
    return held.filter(during__overlap=posting.during).exists()


def end_posting(*, by: Scope, posting: Posting, end: datetime.date, why: str) -> Posting:
    """End a posting: `end` is the first day without it. One that has not begun yet is taken back whole."""
    posting = Posting.objects.select_for_update().select_related("user").get(pk=posting.pk)
    seat = seat_of(posting)
    upper = posting.during.upper
    reasons = rules.why_not_end(
        role=posting.role,
        role_name=str(ROLES[posting.role].name),
        giver_roles=roles_over(by, [seat])[seat],
        of_herself=str(posting.user_id) == by.viewer,
        ended=upper is not None and upper <= by.today,
        last_of_its_kind=posting.role == ADMINISTRATOR and is_last_administrator(by, posting.user),
        end=end,
        today=by.today,
    )
    refuse_if(as_asked_of(by, reasons))
    before = picture(posting)
    with audited(by=by, did="end_posting", why=why) as trail:
        _say_place(trail, posting)
        if end <= posting.during.lower:
            trail.removed(posting)
            posting.delete()
        else:
            posting.during = between(posting.during.lower, end)
            posting.save()
            trail.changed(posting, before)
        trail.about(posting.user)
    return posting


def _about_person(
    by: Scope, person: User, did: str, why: str, change: Callable[[], None], *, switching_off: bool = False
) -> User:
    """One audited change of a person's account by somebody who answers for her. All in one transaction."""
    refuse_if(why_not_answer_for(by, person, switching_off=switching_off))
    with audited(by=by, did=did, why=why) as trail:
        before = picture(person)
        change()
        _say_place_of_person(trail, by, person)
        trail.about(person)
        trail.changed(person, before)
    return person


def _say_place_of_person(trail: Trail, by: Scope, person: User) -> None:
    latest = Posting.objects.filter(user=person).order_by("-during").first()
    if latest is not None:
        _say_place(trail, latest)


def switch_off_person(*, by: Scope, person: User, why: str) -> User:
    """She cannot sign in any more, and is signed out everywhere now. Her postings and what she did stay."""

    def change() -> None:
        person.is_active = False
        person.save(update_fields=["is_active"])
        sign_out_everywhere(person)

    return _about_person(by, person, "switch_off_person", why, change, switching_off=True)


def switch_on_person(*, by: Scope, person: User, why: str) -> User:
    """She may sign in again, with the password and second factor she had."""

    def change() -> None:
        person.is_active = True
        person.save(update_fields=["is_active"])

    return _about_person(by, person, "switch_on_person", why, change)


def give_link(*, by: Scope, person: User, why: str) -> str:
    """The path of a new one-time link to set a password, for a person who lost hers or never used the first.

    It ends every link that she was given before: one that went astray must not stay open beside it.
    """

    def change() -> None:
        person.links_given = F("links_given") + 1
        person.save(update_fields=["links_given"])
        person.refresh_from_db(fields=["links_given"])

    if not person.is_active:
        text = N_("The account is switched off, so a link would not work. Switch it on first.")
        refuse_if([Refusal(None, "switched_off", text)])
    _about_person(by, person, "give_sign_in_link", why, change)
    return link_for(person)


def remove_second_factor(*, by: Scope, person: User, why: str) -> User:
    """Take off the second factors of a person who lost her phone and her recovery codes; she sets up a new one."""

    def change() -> None:
        Authenticator.objects.filter(user=person).delete()
        sign_out_everywhere(person)

    return _about_person(by, person, "remove_second_factor", why, change)


def accept_invitation(*, person: User, password: str, by: Scope) -> User:
    """She sets her password with her one-time link, which is thereby used up; older sessions end."""
    with audited(by=by, did="set_password") as trail, transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        sign_out_everywhere(person)
        trail.about(person)
    return person


def sign_out_everywhere(person: User) -> None:
    """End every session of a person, on every device."""
    for session in UserSession.objects.filter(user=person):
        session.end()
