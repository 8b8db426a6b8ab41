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
    _("Account Inactive"),
    _("This account is inactive."),
    _("Sign In"),
    _("Successfully signed in as %(name)s."),
    _("Sign Out"),
    _("Are you sure you want to sign out?"),
    _("You have signed out."),
    _("Confirm Access"),
    _("Please reauthenticate to safeguard your account."),
    _("Alternative options"),
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
    _("Email address"),
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
MAIL_ADDRESSES = (
    _("Email Addresses"),
    _("The following email addresses are associated with your account:"),
    _("Verified"),
    _("Unverified"),
    _("Primary"),
    _("Make Primary"),
    _("Re-send Verification"),
    _("Remove"),
    _("Add Email Address"),
    _("Add Email"),
    _("Do you really want to remove the selected email address?"),
    _("Warning:"),
    _(
        "You currently do not have any email address set up. You should really add an email address so you can receive"
        " notifications, reset your password, etc."
    ),
    _("This email address is already associated with this account."),
    _("You cannot remove your primary email address (%(email)s)."),
    _("Removed email address %(email)s."),
    _("Confirmation email sent to %(email)s."),
    _("Primary email address set."),
    _("You cannot add an email address to an account protected by two-factor authentication."),
)
SECOND_STEP = (
    _("Two-Factor Authentication"),
    _("Your account is protected by two-factor authentication. Please enter an authenticator code:"),
    _("Enter an authenticator code:"),
    _("Code"),
    _("Authenticator code"),
    _("Incorrect code."),
    _("Use authenticator app or code"),
    _("Use a security key"),
    _("Authenticator App"),
    _("Authentication using an authenticator app is active."),
    _("An authenticator app is not active."),
    _("Activate"),
    _("Deactivate"),
    _("Activate Authenticator App"),
    _(
        "To protect your account with two-factor authentication, scan the QR code below with your authenticator app."
        " Then, input the verification code generated by the app below."
    ),
    _("Authenticator secret"),
    _("You can store this secret and use it to reinstall your authenticator app at a later time."),
    _("Deactivate Authenticator App"),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _("Authenticator app activated."),
    _("Authenticator app deactivated."),
    _("Security Keys"),
    ngettext_lazy("You have added %(count)s security key.", "You have added %(count)s security keys."),
    _("No security keys have been added."),
    _("Manage"),
    _("Add"),
    _("Add Security Key"),
    _("Edit Security Key"),
    _("Remove Security Key"),
    _("Are you sure you want to remove this security key?"),
    _("Security key"),
    _("Passkey"),
    _("Passwordless"),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, but imposes additional requirements"
        " such as biometrics or PIN protection."
    ),
    _("Key"),
    _("Usage"),
    _("Added on %(created_at)s"),
    _("Last used %(last_used)s"),
    _("Edit"),
    _("Master key"),
    _("Backup key"),
    _("Key nr. {number}"),
    _("This functionality requires JavaScript."),
    _("Security key added."),
    _("Security key removed."),
    _("Recovery Codes"),
    ngettext_lazy(
        "There is %(unused_count)s out of %(total_count)s recovery codes available.",
        "There are %(unused_count)s out of %(total_count)s recovery codes available.",
    ),
    _("No recovery codes set up."),
    _("View"),
    _("Generate"),
    _("You are about to generate a new set of recovery codes for your account."),
    _("This action will invalidate your existing codes."),
    _("Are you sure?"),
    _("Unused codes"),
    _("Download codes"),
    _("Generate new codes"),
    _("I have saved my recovery codes"),
    _("A new set of recovery codes has been generated."),
    _("Save them  in a secure location now — they won't be shown again."),
)
DEVICES = (
    _("Sessions"),
    _("Started At"),
    _("IP Address"),
    _("Browser"),
    _("Current"),
    _("Sign Out Other Sessions"),
    _("Signed out of all other sessions."),
)
SINGLE_SIGN_ON = (
    _("Or use a third-party"),
    _("Sign In Via %(provider)s"),
    _("You are about to sign in using a third-party account from %(provider)s."),
    _("Continue"),
    _("Third-Party Login Failure"),
    _("An error occurred while attempting to login via your third-party account."),
    _("Account Connections"),
    _("You can sign in to your account using any of the following third-party accounts:"),
    _("You currently have no third-party accounts connected to this account."),
    _("Add a Third-Party Account"),
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
