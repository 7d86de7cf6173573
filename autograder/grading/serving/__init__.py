"""Let other commands use the fork server of a running `autograder watch`.

| from | to | messages |
|---|---|---|
| client | server | `Hello`, then `GradeRequest`s and `ProveMachine` |
| server | client | `Welcome`, then `GradeDone`, `JobFailed` or `MachineProved` |
| server | client | `Working`, while an answer takes long |
| server | client | `Failed`: the client grades by itself |

The client reads the submission, derives its seeds, and stores and records the Grade, as without a
server: the server only runs and scores. What goes wrong here costs time, never a Grade.
"""

from __future__ import annotations

from autograder.grading.serving.address import NotServedError
from autograder.grading.serving.client import Asked, ServedGrader, served_grade
from autograder.grading.serving.messages import Hello
from autograder.grading.serving.package import package_digest
from autograder.grading.serving.server import GradeServer, Lent
from autograder.grading.serving.turns import Turns

__all__ = [
    "Asked",
    "GradeServer",
    "Hello",
    "Lent",
    "NotServedError",
    "ServedGrader",
    "Turns",
    "package_digest",
    "served_grade",
]
