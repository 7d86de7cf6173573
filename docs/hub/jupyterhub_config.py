"""JupyterHub for the course, on one machine whose users are the machine's own: see docs/hub.md."""

import os
from typing import Any

c = get_config()  # noqa: F821 - JupyterHub defines it

INSTRUCTORS = {"instructor"}
STUDENTS = {"ada", "bob"}
COURSE_ENVIRONMENT = "/home/instructor/course/.venv"
"""Where the grader is installed; students cannot read it."""

c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # a web server in front of it adds TLS

# People log in with the machine's passwords, and each server runs as its own user.
c.JupyterHub.authenticator_class = "pam"
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Authenticator.allowed_users = INSTRUCTORS | STUDENTS


def choose_environment(spawner: Any) -> None:
    """Let instructors' servers run in the course's environment, students' in the hub's."""
    if spawner.user.name in INSTRUCTORS:
        spawner.cmd = [f"{COURSE_ENVIRONMENT}/bin/jupyterhub-singleuser"]
        spawner.environment["PATH"] = f"{COURSE_ENVIRONMENT}/bin:{os.environ['PATH']}"


c.Spawner.pre_spawn_hook = choose_environment

# ngshare, which replaces the exchange on disk. Leave it out if you keep the exchange on disk.
c.JupyterHub.services = [
    {
        "name": "ngshare",
        "url": "http://127.0.0.1:10101",
        "user": "ngshare",
        "cwd": "/srv/ngshare",
        "command": [
            *("/opt/ngshare/bin/python", "-m", "ngshare"),
            *("--admins", ",".join(sorted(INSTRUCTORS))),
            *("--database", "sqlite:////srv/ngshare/ngshare.db"),
            *("--storage", "/srv/ngshare/files"),
        ],
    }
]
