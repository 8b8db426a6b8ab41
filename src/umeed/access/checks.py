"""What `manage check --deploy` asks of the database role: a superuser walks past both doors."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection

from umeed.core.roles import APP_ROLE

_ROLES = """
    SELECT rolsuper, rolbypassrls, pg_has_role(session_user, %s, 'MEMBER'), EXISTS (
        SELECT 1 FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND pg_has_role(session_user, c.relowner, 'MEMBER'))
    FROM pg_roles WHERE rolname = session_user AND EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)
    UNION ALL
    SELECT rolsuper, rolbypassrls, NULL, true FROM pg_roles
    WHERE rolname = session_user AND NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)
"""


@checks.register(checks.Tags.security, deploy=True)
def database_role(**_: Any) -> list[checks.CheckMessage]:
    """E001: the login is above row security. W001: it cannot become the role of the running product. W003: it owns the
    tables, or could become who does.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ROLES, [APP_ROLE] * 3)
            is_superuser, bypasses, may_become_app, owns = cursor.fetchone()
    except DatabaseError as wrong:
        return [checks.Warning(f"The database role could not be looked at: {wrong}", id="umeed.W002")]
    is_above = is_superuser or bypasses
    return judged(is_above, may_become_app, owns=owns, production=settings.MODE == "production")


def judged(
    above_security: bool, may_become_app: bool | None, *, owns: bool = False, production: bool
) -> list[checks.CheckMessage]:
    """What there is to say. `may_become_app` is None when there is no such role at all."""
    said: list[checks.CheckMessage] = []
    if above_security:
        kind = checks.Error if production else checks.Warning
        text = "The database login is a superuser or bypasses row security: the second door stands open."
        said.append(
            kind(text, hint="Sign in with a role made by CREATE ROLE … NOSUPERUSER NOBYPASSRLS.", id="umeed.E001")
        )
    if not may_become_app:
        missing = (
            f"There is no role {APP_ROLE}." if may_become_app is None else f"The login is no member of {APP_ROLE}."
        )
        text = f"{missing} The product works as the owner of its tables, and rights cannot keep the audit chain."
        hint = f"CREATE ROLE {APP_ROLE} NOLOGIN; GRANT {APP_ROLE} TO the login; then migrate."
        said.append(checks.Warning(text, hint=hint, id="umeed.W001"))
    elif owns and not above_security:
        text = "The database login owns the tables, or could become who does: RESET ROLE would take every guard away."
        hint = f"Serve with a login that is a member of {APP_ROLE} alone; migrate with the owner's (UMEED_OWNER_URL)."
        said.append(checks.Warning(text, hint=hint, id="umeed.W003"))
    return said
