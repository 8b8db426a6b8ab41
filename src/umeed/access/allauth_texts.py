"""What django-allauth and Django say on our pages: sign-in, password, second step, devices, single sign-on, errors.

allauth has no Hindi or Urdu at all, and Django's own is patchy, so a bookkeeper would meet English at the very door.
Our catalogues are gathered from this code: texts named here are translated in them, and they go before the libraries'
own. Nothing imports this. Each text stands letter for letter as the library writes it.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

SIGN_IN = (
    pgettext_lazy("field label", "Login"),
    _("Username"),
    _("Username or email"),
    _("Forgot your password?"),
    _("The username and/or password you specified are not correct."),
    _("The email address and/or password you specified are not correct."),
    _("Too many failed login attempts. Try again later."),
    _("Be patient, you are sending too many requests."),
    _("This account is inactive."),
    _("Sign In"),
    _("Successfully signed in as %(name)s."),
    _("Note"),
    _("You are already logged in as %(user_display)s."),
    _("This account is currently inactive."),
    _("Sign Out"),
    _("Are you sure you want to sign out?"),
    _("You have signed out."),
    _("Use your password"),
    _("Enter your password:"),
    _("Confirm"),
    _("Cancel"),
)
PASSWORD = (
    _("Change Password"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("Please type your current password."),
    _("Incorrect password."),
    _("You must type the same password each time."),
    _("Password successfully changed."),
    _("Password Reset"),
    _("Forgotten your password? Enter your email address below, and we'll send you an email allowing you to reset it."),
    _("Email"),
    _("Email address"),
    _("Set Password"),
    _("Password successfully set."),
    _("The password reset token was invalid."),
    _("Reset My Password"),
    _("Please contact us if you have any trouble resetting your password."),
    _(
        "We have sent you an email. If you have not received it please check your spam folder. Otherwise contact us if"
        " you do not receive it in a few minutes."
    ),
    _("Bad Token"),
    _(
        "The password reset link was invalid, possibly because it has already been used.  Please request a"
        ' <a href="%(passwd_reset_url)s">new password reset</a>.'
    ),
    _("Your password is now changed."),
    _("Password Reset Email"),
    _("Hello from %(site_name)s!"),
    _(
        "You're receiving this email because you or someone else has requested a password reset for your user account."
        "\nIt can be safely ignored if you did not request a password reset. Click the link below to reset your"
        " password."
    ),
    _("In case you forgot, your username is %(username)s."),
    _("Thank you for using %(site_name)s!\n%(site_domain)s"),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
    _("The password is too similar to the %(verbose_name)s."),
    _("username"),
    _("email address"),
    _("Your password can’t be too similar to your other personal information."),
    _("This password is too common."),
    _("Your password can’t be a commonly used password."),
    _("This password is entirely numeric."),
    _("Your password can’t be entirely numeric."),
)
SECOND_STEP = (
    _("Enter an authenticator code:"),
    _("Code"),
    _("Authenticator code"),
    _("Incorrect code."),
    _("Use authenticator app or code"),
    _("Authenticator App"),
    _("Deactivate"),
    _("Deactivate Authenticator App"),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _("Authenticator app activated."),
    _("Authenticator app deactivated."),
    _("Security Keys"),
    _("Passwordless"),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, but imposes additional requirements"
        " such as biometrics or PIN protection."
    ),
    _("Key"),
    _("Master key"),
    _("Backup key"),
    _("Key nr. {number}"),
    _("Recovery Codes"),
    _("A new set of recovery codes has been generated."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("You cannot activate two-factor authentication until you have verified your email address."),
)
DEVICES = (_("Signed out of all other sessions."),)
SINGLE_SIGN_ON = (
    _("The third-party account has been connected."),
    _("The third-party account is already connected to a different account."),
    _("The third-party account has been disconnected."),
    _("You cannot disconnect your last remaining third-party account."),
    _("Your account has no password set up."),
    _("Your account has no verified email address."),
)
FORMS = (
    _("This field is required."),
    _("Enter a valid email address."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
)
