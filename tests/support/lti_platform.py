"""A platform of LTI 1.3 Assignment and Grade Services, on loopback.

It checks tokens and scores by the specifications and by what Canvas and Moodle refuse, and shares
no code with what posts to it.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from typing_extensions import Self

CLIENT_ID = "10000000000007"
AUDIENCE = "https://platform.example/token"
KEY_ID = "2027-spring"
SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

SCORE_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "required": ["userId", "activityProgress", "gradingProgress", "timestamp"],
    "properties": {
        "userId": {"type": "string", "minLength": 1, "maxLength": 255},
        "activityProgress": {
            "enum": ["Initialized", "Started", "InProgress", "Submitted", "Completed"]
        },
        "gradingProgress": {
            "enum": ["FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"]
        },
        # ISO 8601 with a sub-second part and a time zone.
        "timestamp": {
            "type": "string",
            "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}(Z|[+-]\d\d:\d\d)$",
        },
        "scoreGiven": {"type": "number", "minimum": 0},
        "scoreMaximum": {"type": "number", "exclusiveMinimum": 0},
        "comment": {"type": "string"},
        "submission": {"type": "object"},
        "scoringUserId": {"type": "string"},
    },
    "dependentRequired": {"scoreGiven": ["scoreMaximum"]},
    # Extensions have the name of an address.
    "patternProperties": {"^https://": {}},
    "additionalProperties": False,
}
"""A score, by LTI Assignment and Grade Services 2.0, section 3.4."""

_IGNORED = ("Failed", "Pending", "NotReady")
"""Of such a score Canvas takes no number, and clears the one that it has."""


@dataclasses.dataclass(frozen=True)
class Fault:
    """What the platform does with the next request in place of an answer.

    Attributes:
        status: What it answers; 0 breaks the connection off.
        headers: Sent with the status.
        is_processed: Whether the request takes effect all the same.
    """

    status: int = 0
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    is_processed: bool = False


class LtiPlatform:
    """The platform's state.

    Args:
        users: The ids of the course's students.
        compares_seconds: Whether it refuses a score of the same second, as Moodle does.

    Attributes:
        url: Where it is; known while it serves.
        key: The tool's private key, in PEM.
        results: By line item and user, the last score that was taken.
        requests: Every score that arrived, taken or not, as JSON.
        tokens: Those that hold.
        token_faults: For the next requests for a token.
        faults: For the next scores.
        held: Set when the score arrives that `hold` names; it is answered after `released`.
    """

    def __init__(self, *users: str, compares_seconds: bool = False) -> None:
        self.users = frozenset(users)
        self.compares_seconds = compares_seconds
        self.url = ""
        private_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key = private_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self._public_key = private_key.public_key()
        self.results: dict[tuple[str, str], dict[str, Any]] = {}
        self.requests: list[dict[str, Any]] = []
        self.assertions: list[str] = []
        self.tokens: set[str] = set()
        self.token_faults: list[Fault] = []
        self.faults: list[Fault] = []
        self.held = threading.Event()
        self.released = threading.Event()
        self._held_number = 0
        self.lock = threading.Lock()
        self._used: set[str] = set()

    def hold(self, number: int) -> None:
        """Do not answer the score of that number, counted from 1, before `released` is set."""
        self._held_number = number

    def line_item(self, assignment: str) -> str:
        """The address of an assignment's line item; it has a query, as Moodle's have."""
        return f"{self.url}/lineitems/{assignment}/lineitem?type_id=3"

    def number(self, assignment: str, user: str) -> float | None:
        """What the platform's gradebook shows for a student."""
        result = self.results.get((assignment, user), {})
        if result.get("gradingProgress") in (None, *_IGNORED) or "scoreGiven" not in result:
            return None
        return float(result["scoreGiven"])

    def write_settings(self, folder: Path, *assignments: str) -> None:
        """Write lti.yml and the key, as an instructor would."""
        key = folder / "lti.key"
        key.touch(mode=0o600)
        key.write_bytes(self.key)
        lines = [
            f"token_url: {self.url}/token",
            f'client_id: "{CLIENT_ID}"',
            "private_key: lti.key",
            f"key_id: {KEY_ID}",
            f"audience: {AUDIENCE}",
            "line_items:",
            *(f"  {name}: {self.line_item(name)}" for name in assignments),
        ]
        (folder / "lti.yml").write_text("\n".join(lines) + "\n", "utf-8")

    def give_token(self, form: Mapping[str, list[str]]) -> tuple[int, dict[str, Any]]:
        """Answer a request for a token, by the 1EdTech Security Framework 1.0, section 4.1."""
        fields = {name: values[0] for name, values in form.items() if len(values) == 1}
        if fields.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        if fields.get("client_assertion_type") != _ASSERTION_TYPE:
            return 400, {"error": "invalid_request"}
        if fields.get("scope") != SCOPE:
            return 400, {"error": "invalid_scope"}
        assertion = fields.get("client_assertion", "")
        problem = self._problem_of_assertion(assertion)
        if problem:
            return 401, {"error": "invalid_client", "error_description": problem}
        self.assertions.append(assertion)
        token = uuid.uuid4().hex
        self.tokens.add(token)
        return 200, {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": SCOPE,
        }

    def _problem_of_assertion(self, assertion: str) -> str:
        try:
            header, claims, signature = map(_decode, assertion.split("."))
            signed = assertion.rpartition(".")[0].encode()
            self._public_key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except (ValueError, InvalidSignature):
            return "bad signature"
        head, body, now = json.loads(header), json.loads(claims), time.time()
        rules = {
            "wrong algorithm or key": (head.get("alg"), head.get("kid")) == ("RS256", KEY_ID),
            "wrong client": (body.get("iss"), body.get("sub")) == (CLIENT_ID, CLIENT_ID),
            "wrong audience": body.get("aud") == AUDIENCE,
            "not yet valid": now - 60 <= body["iat"] <= now + 5,
            "expired": now < body["exp"] <= now + 3600,
            "used before": body["jti"] not in self._used,
        }
        self._used.add(body["jti"])
        return next((problem for problem, holds in rules.items() if not holds), "")

    def take_score(self, path: str, headers: Message, body: bytes) -> tuple[int, dict[str, Any]]:
        """Answer a score as Canvas' scores_controller.rb and Moodle's scores.php do."""
        scheme, _, token = (headers["Authorization"] or "").partition(" ")
        if scheme != "Bearer" or token not in self.tokens:
            return 401, _error("no token")
        parts = urlsplit(path)
        _, kind, assignment, *rest = parts.path.split("/")
        if kind != "lineitems" or rest != ["lineitem", "scores"] or parts.query != "type_id=3":
            return 404, _error("no such line item")
        if headers["Content-Type"] != SCORE_TYPE:
            return 415, _error("wrong media type")
        score = json.loads(body)
        self.requests.append(score)
        if len(self.requests) == self._held_number:
            self.held.set()
            self.released.wait(60)
        status, problem = self._problem_of_score(assignment, score)
        if problem:
            return status, _error(problem)
        self.results[assignment, score["userId"]] = score
        return 200, {"resultUrl": f"{self.url}/results/1"}

    def _problem_of_score(self, assignment: str, score: Mapping[str, Any]) -> tuple[int, str]:
        for error in Draft202012Validator(SCORE_SCHEMA).iter_errors(score):
            return 422, error.message
        if score["userId"] not in self.users:
            return 422, "User not found in course or is not a student"
        last = self.results.get((assignment, score["userId"]))
        if last is not None and not self._is_later(score["timestamp"], last["timestamp"]):
            return 409 if self.compares_seconds else 400, "Provided timestamp before last updated"
        return 0, ""

    def _is_later(self, new: str, old: str) -> bool:
        first, second = (datetime.fromisoformat(text) for text in (old, new))
        if self.compares_seconds:
            return int(second.timestamp()) > int(first.timestamp())
        return second >= first

    @contextmanager
    def serving(self) -> Iterator[Self]:
        """Serve until the block ends."""
        server = _Server(("127.0.0.1", 0), _Handler)
        server.platform = self
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    platform: LtiPlatform


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Answer a request for a token, or a score."""
        platform = self.server.platform
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with platform.lock:
            is_token = self.path == "/token"
            faults = platform.token_faults if is_token else platform.faults
            fault = faults.pop(0) if faults else None
            status, answer = 0, dict[str, Any]()
            if fault is None or fault.is_processed:
                if is_token:
                    status, answer = platform.give_token(parse_qs(body.decode()))
                else:
                    status, answer = platform.take_score(self.path, self.headers, body)
            headers: Mapping[str, str] = {}
            if fault is not None:
                status, headers, answer = fault.status, fault.headers, {}
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        content = json.dumps(answer).encode()
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Nothing: pytest shows what failed."""


def _error(message: str) -> dict[str, Any]:
    return {"errors": {"type": "unprocessable_entity", "message": message}}


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
