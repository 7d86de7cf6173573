"""Marks as scores of LTI 1.3 Assignment and Grade Services, posted to a platform.

Importing this package imports Authlib and requests, which is slow.
"""

from __future__ import annotations

from autograder.outputs.lti.ledger import Ledger
from autograder.outputs.lti.platform import Platform
from autograder.outputs.lti.posting import Posting, plan, post
from autograder.outputs.lti.scores import Score, score_of
from autograder.outputs.lti.users import read_users

__all__ = ["Ledger", "Platform", "Posting", "Score", "plan", "post", "read_users", "score_of"]
