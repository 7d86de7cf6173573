"""A platform that takes scores: tokens, requests, and patience with a busy one."""

from __future__ import annotations

import stat
import time
from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
from joserfc.jwk import RSAKey

from autograder.course import LtiSettings
from autograder.errors import ExportError
from autograder.outputs.lti.scores import MEDIA_TYPE
from autograder.results import clean_line

SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
_TIMEOUT = (10, 60)
"""Seconds to connect, and to wait for the next bytes."""
_ATTEMPTS = 5
_LONGEST_WAIT = 120.0
"""Seconds before another attempt, whatever a platform asks for."""
_ASSERTION_SECONDS = 300
_LEEWAY = 60
"""Seconds before its end after which a token is not used any more."""


class RefusedError(Exception):
    """The platform does not take this score; it may take others."""


class UnavailableError(Exception):
    """The platform did not answer, or only that it is busy, however often it was asked."""


class _BusyError(Exception):
    """An attempt failed that may succeed later, after `wait` seconds if the platform says so."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class _SignedRequest(PrivateKeyJWT):  # type: ignore[misc] # Authlib has no types
    """A request for a token, signed with the tool's key."""

    def __init__(self, settings: LtiSettings) -> None:
        super().__init__(settings.token_url)
        self._settings = settings

    def sign(self, auth: Any, token_endpoint: str) -> Any:
        """A new assertion for each request: a platform takes each `jti` once."""
        del token_endpoint
        key_id = self._settings.key_id
        return private_key_jwt_sign(
            auth.client_secret,
            client_id=auth.client_id,
            token_endpoint=self._settings.audience,
            header={"typ": "JWT", **({"kid": key_id} if key_id else {})},
            expires_in=_ASSERTION_SECONDS,
        )


class Platform:
    """A platform to which scores are posted.

    Args:
        settings: Where it is, and who we are there.
        sleep: Waits so many seconds.

    Raises:
        ExportError: If the private key cannot be used.
    """

    def __init__(
        self, settings: LtiSettings, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._settings = settings
        self._sleep = sleep
        self._session = OAuth2Session(
            settings.client_id,
            _read_key(settings.private_key),
            token_endpoint_auth_method=_SignedRequest(settings),
            token_endpoint=settings.token_url,
            grant_type="client_credentials",
            scope=SCOPE,
            default_timeout=_TIMEOUT,
        )

    def post(self, line_item: str, make_body: Callable[[], bytes]) -> None:
        """Post one score.

        Args:
            line_item: The address of the line item.
            make_body: Makes the body of each attempt, with a timestamp of its own.

        Raises:
            RefusedError: If the platform does not take it; the text says why.
            UnavailableError: If it did not answer in several attempts.
            ExportError: If it gives no token, so that it takes no score at all.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._attempt(scores_url(line_item), make_body)
            except _BusyError as busy:  # noqa: PERF203 - each attempt waits for a network
                if attempt == _ATTEMPTS:
                    raise UnavailableError(f"{busy}, in {_ATTEMPTS} attempts") from busy
                wait = 2.0**attempt if busy.wait is None else busy.wait
                self._sleep(min(wait, _LONGEST_WAIT))
            else:
                return

    def _attempt(self, url: str, make_body: Callable[[], bytes]) -> None:
        response = self._send(url, make_body())
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            # The platform may have withdrawn the token before its time.
            self._session.token = None
            response = self._send(url, make_body())
        if not HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES:
            if _is_busy(response):
                raise _BusyError(_reason(response), _retry_after(response))
            raise RefusedError(_reason(response))

    def _send(self, url: str, body: bytes) -> requests.Response:
        self._authorize()
        try:
            response: requests.Response = self._session.post(
                url,
                data=body,
                headers={"Content-Type": MEDIA_TYPE, "Accept": "application/json"},
                # Another address could be anybody's.
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise _BusyError(f"the connection failed ({type(error).__name__})") from error
        return response

    def _authorize(self) -> None:
        """Get a token if there is none, or if it is about to expire."""
        token = self._session.token
        if token is not None and not token.is_expired(leeway=_LEEWAY):
            return
        try:
            token = self._session.fetch_token(allow_redirects=False)
        except OAuthError as error:
            reason = ": ".join(filter(None, (error.error, error.description)))
            raise self._no_token(reason) from error
        except requests.HTTPError as error:
            response = error.response
            if response is None or not _is_busy(response):
                raise self._no_token(str(error)) from error
            raise _BusyError(_reason(response), _retry_after(response)) from error
        except requests.RequestException as error:
            raise _BusyError(f"the connection failed ({type(error).__name__})") from error
        except ValueError as error:
            raise self._no_token(f"{error}") from error
        if not token.get("access_token"):
            self._session.token = None
            raise self._no_token("the answer has none")

    def _no_token(self, reason: str) -> ExportError:
        return ExportError(
            f"{self._settings.token_url} gives no token: {clean_line(reason, 300)}",
            f"Compare client_id, audience, key_id and the key in {self._settings.path} with what "
            "the platform has registered.",
        )


def scores_url(line_item: str) -> str:
    """Where the scores of a line item are posted; its query stays, as the specification says."""
    parts = urlsplit(line_item)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/scores", fragment=""))


def _read_key(path: Path) -> RSAKey:
    """The tool's private key, which nobody else may read."""
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ExportError(
                f"{path} is a private key that others can read (mode {stat.S_IMODE(mode):04o}).",
                f"If nobody has copied it, run: chmod 600 '{path}'. Otherwise make a new one.",
            )
        content = path.read_bytes()
    except OSError as error:
        raise ExportError(
            f"{path}, the private key of lti.yml, cannot be read: {error.strerror}.",
            "docs/lti.md says how to make a key.",
        ) from error
    try:
        key = RSAKey.import_key(content)
        is_private = key.is_private
    except ValueError:
        is_private = False
    if not is_private:
        # Without the library's words, which could quote the file.
        raise ExportError(
            f"{path} is not a private RSA key in PEM without a passphrase.",
            "docs/lti.md says how to make a key.",
        ) from None
    return key


def _is_busy(response: requests.Response) -> bool:
    """Whether the same request may succeed later."""
    status = response.status_code
    # Canvas answered 403 to too many requests before it answered 429.
    throttled = status == HTTPStatus.FORBIDDEN and "rate limit" in response.text[:500].casefold()
    return (
        throttled
        or status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT)
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    )


def _retry_after(response: requests.Response) -> float | None:
    """The seconds that a platform asks to wait; None if it does not say."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())


def _reason(response: requests.Response) -> str:
    """The status and the platform's words, on one line."""
    words = clean_line(response.text[:2000], 200)
    status = f"HTTP {response.status_code} {response.reason or ''}".rstrip()
    return f"{status}: {words}" if words else status
