"""The language of the screen: that of the person who is signed in; the browser's wish before anybody is."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers


class LanguageMiddleware:
    """Stands after the sign-in. What a paper says in which language is not decided here: a bill keeps the language it was made in.

    A page is then one for each person (Vary: Cookie) or for each wish (Vary: Accept-Language), so no cache mixes two.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = self._of_person(request)
        with translation.override(chosen or translation.get_language_from_request(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ["Cookie"] if chosen else ["Cookie", "Accept-Language"])
        return response

    def _of_person(self, request: HttpRequest) -> str:
        """ "" for who is not signed in. Without a session cookie nothing is asked of the database, so /health works without one."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return ""
        language = request.user.language
        return language if translation.check_for_language(language) else settings.LANGUAGE_CODE
