"""Connect to a Dask scheduler, and refuse what is not encrypted."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.util
import ipaddress
import logging
from collections.abc import Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from autograder.errors import ClusterError

if TYPE_CHECKING:
    from distributed import Client

_ENCRYPTED = ("tls", "wss")
_CONNECT_SECONDS = 30
_LARGE = "distributed.admin.large-graph-warning-threshold"
TLS_FILES = ("ca.pem", "cert.pem", "key.pem")
"""What the folder of `--tls` has: the authority, and a certificate by it with its key."""


@dataclasses.dataclass(frozen=True)
class Scheduler:
    """A Dask scheduler, and what its workers must be like.

    Attributes:
        address: Such as "tls://10.0.0.1:8786".
        tls: A folder with `TLS_FILES`; default: what Dask's own configuration names.
        different_bits: Let machines grade whose trainings differ in the last bits; their Grades
            say so.
    """

    address: str
    tls: Path | None = None
    different_bits: bool = False


def require_private(address: str) -> None:
    """Refuse an address at which others could read the course's secrets.

    Raises:
        ClusterError: If it is neither encrypted nor of this machine.
    """
    if not is_private(address):
        raise ClusterError(
            f"{address} is not encrypted: the course's seeds, checks and held-out data would "
            "cross the network for everybody to read.",
            "Start the scheduler and its workers with TLS certificates, and use its tls:// "
            "address; docs/scale.md says how.",
        )


def is_private(address: str) -> bool:
    """Whether what is sent to an address is encrypted, or stays on this machine."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme in _ENCRYPTED:
        return True
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


class DaskCluster:
    """The workers of a scheduler; see `Cluster`.

    Args:
        scheduler: Which one.

    Raises:
        ClusterError: If Dask is not installed, the address is not private, or nobody answers.
    """

    def __init__(self, scheduler: Scheduler) -> None:
        require_private(scheduler.address)
        if importlib.util.find_spec("distributed") is None:
            raise ClusterError(
                "Dask is not installed here, and --scheduler needs it.",
                "Install it, here and on every worker: pip install 'autograder[cluster]'.",
            )
        self._scheduler = scheduler
        try:
            self._client = _connect(scheduler)
        except ConnectionError as error:
            raise ClusterError(
                f"No scheduler answers at {scheduler.address}: {error}.",
                "Start it (dask scheduler), and check its address, the firewall and --tls.",
            ) from error

    def close(self) -> None:
        """Disconnect."""
        self._client.close(timeout=5)

    def workers(self) -> Mapping[str, int]:  # noqa: D102 - see `Cluster`
        if self._client.status != "running":
            raise ConnectionError("the scheduler has ended")
        try:
            found = self._client.scheduler_info(n_workers=-1)["workers"]
        except Exception as error:
            raise ConnectionError(str(error)) from error
        for address in found:
            require_private(str(address))
        return {str(address): int(worker["nthreads"]) for address, worker in found.items()}

    def executor(self, worker: str) -> Executor:  # noqa: D102 - see `Cluster`
        executor: Executor = self._client.get_executor(
            workers=[worker], allow_other_workers=False, pure=False
        )
        return executor

    def reconnect(self) -> None:  # noqa: D102 - see `Cluster`
        with contextlib.suppress(Exception):  # it is closed, or about to be
            self._client.close(timeout=1)
        self._client = _connect(self._scheduler)


def _connect(scheduler: Scheduler) -> Client:
    """Connect.

    Raises:
        ConnectionError: If nobody answers, or TLS fails.
        ClusterError: If a certificate cannot be read.
    """
    import dask  # noqa: PLC0415 - an optional dependency, and slow
    from distributed import Client  # noqa: PLC0415 - as above

    dask.config.set({_LARGE: "1GB"})  # a session's files are sent whole, on purpose
    for name in ("distributed.client", "distributed.core", "distributed.comm", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # the dispatcher tells it in sentences
    security = _security(scheduler)
    try:
        return Client(
            scheduler.address,
            timeout=_CONNECT_SECONDS,
            security=security,
            set_as_default=False,
            name="autograder",
        )
    except ClusterError:
        raise
    except Exception as error:  # OSError, TimeoutError, and what the TLS library raises
        raise ConnectionError(str(error) or type(error).__name__) from error


def _security(scheduler: Scheduler) -> Any:
    """The certificates to use."""
    from distributed import Security  # noqa: PLC0415 - an optional dependency

    encrypted = urlsplit(scheduler.address).scheme in _ENCRYPTED
    if scheduler.tls is None:
        return Security(require_encryption=True) if encrypted else Security()
    files = [scheduler.tls / name for name in TLS_FILES]
    for path in files:
        if not path.is_file():
            raise ClusterError(
                f"{path} is missing.",
                f"--tls DIR names a folder with {', '.join(TLS_FILES)}; docs/scale.md makes them.",
            )
    authority, certificate, key = map(str, files)
    return Security(
        tls_ca_file=authority,
        tls_client_cert=certificate,
        tls_client_key=key,
        require_encryption=encrypted,
    )
