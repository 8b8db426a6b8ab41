"""What every answer says of itself: nobody keeps what was told to somebody who had signed in, no page asks for a
camera."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# The camera opens as an app of its own where a photo is taken (a field of a form); pages themselves use none of these.
_NOTHING = ("camera", "microphone", "geolocation", "display-capture", "payment", "usb", "serial", "bluetooth", "midi")
_ALLOWED = ", ".join(f"{one}=()" for one in _NOTHING)


class HeadersOfEveryAnswer:
    """Stands outside of all that knows who asks.

    Pages of who has signed in show people: on a computer that many use, neither the browser's folder nor its way back
    after signing out has them. A page that says itself how long it is good (the shell of the phone, which is the same
    for all) is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer.headers.setdefault("Permissions-Policy", _ALLOWED)
        who = getattr(request, "user", None)
        if who is not None and who.is_authenticated:
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer
