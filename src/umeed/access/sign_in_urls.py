"""The addresses of django-allauth that Umeed offers, one by one: what is not here is not there.

Left out: confirming a mail address and signing in by a mailed code (an officer vouches for addresses), signing up by
single sign-on, and the library's old names. Some are answered by our own views, which say why.
"""

from allauth.account import views as account
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.urls import include, path, re_path

from umeed.access.views import me, recovery_codes, single_sign_on

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    # Always closed; the library's sign-in page wants its address.
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("email/", me.mail_address, name="account_email"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    # Before the library's own of these names, which would leave no trace.
    path("2fa/recovery-codes/", recovery_codes.shown, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery_codes.taken_away, name="mfa_download_recovery_codes"),
    path("2fa/", include("allauth.mfa.urls")),
    path("3rdparty/", social.connections, name="socialaccount_connections"),
    path("3rdparty/login/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("3rdparty/login/error/", social.login_error, name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/login/", single_sign_on.to_provider, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", openid_connect.callback, name="openid_connect_callback"),
    path("sessions/", include("allauth.usersessions.urls")),
]
