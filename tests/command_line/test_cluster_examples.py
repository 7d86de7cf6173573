"""The examples of docs/cluster: Slurm's run, and Kubernetes' fit its schemas."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import hand_in, read_grades, run
from courses import CORPUS, NAME, ROOT, copy_course
from dask_cluster import free_port, write_certificates
from processes import wait_until
from slurm import INSTALL, Slurm, can_run_slurm

EXAMPLES = ROOT / "docs/cluster"
PYTHON = ROOT / ".cluster/bin/python"
installed = pytest.mark.skipif(not PYTHON.exists(), reason="make .cluster/.installed")


@pytest.fixture
def slurm() -> Iterator[Slurm]:
    """A Slurm cluster on this machine."""
    if not can_run_slurm():
        pytest.skip(f"as root: {INSTALL}")
    with tempfile.TemporaryDirectory(prefix="slurm-") as folder, Slurm(Path(folder)) as slurm:
        yield slurm


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_page_shows_the_example_as_it_is(path: Path) -> None:
    """What was tried is what is read."""
    assert f"\n{path.read_text()}```\n" in (ROOT / "docs/scale.md").read_text()


def test_page_calculates_with_the_measured_figure() -> None:
    """The arithmetic for 100,000 students follows from the measured figure."""
    page = (ROOT / "docs/scale.md").read_text()
    client = json.loads((ROOT / "docs/figures/scale.json").read_text())["client_cpu_s"]
    minutes = f"{100_000 * client / 60:.0f} minutes"
    assert f"The client does {client * 1000:.0f} ms" in page
    assert f"{client * 1000:.0f} ms = {minutes}" in page
    for runs in (1, 4):
        hours = 100_000 * 1.1 * runs / 3600
        assert f"{hours:.0f} core-hours | {minutes} on {1.1 * runs / client:.0f} cores |" in page


@pytest.mark.slow
@pytest.mark.sandbox
@installed
def test_class_is_graded_by_jobs_of_slurm(slurm: Slurm, tmp_path: Path) -> None:
    """Workers of dask-jobqueue and of sbatch, with TLS, give the Grades that this machine gives."""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        copy_course(folder)
        for path in sorted((CORPUS / "right").glob("*.ipynb"))[:2]:
            hand_in(folder, path.stem, path.read_bytes())
    write_certificates(there / "tls")
    port = free_port()
    text = (EXAMPLES / "slurm_cluster.py").read_text()
    for doc, small in (
        ("JOBS = 8", "JOBS = 1"),
        ("cores=32", "cores=1"),
        ("64GB", "4GB"),
        ('"port": 8786', f'"port": {port}'),
    ):
        assert doc in text
        text = text.replace(doc, small)
    with subprocess.Popen(  # noqa: S603 - the example
        [PYTHON, "-c", text],
        cwd=there,
        env=slurm.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as cluster:
        assert cluster.stdout is not None
        address = cluster.stdout.readline().split()[3]
        script = ("--cpus-per-task=1", "--mem=4G", str(EXAMPLES / "worker.sbatch"), address)
        export = f"--export=ALL,PYTHON={PYTHON}"
        assert slurm.run("sbatch", "--array=1-1", export, *script, cwd=there)
        logs = there.glob
        wait_until(lambda: sum("Registered" in p.read_text() for p in logs("slurm-*.out")) == 2)
        graded = ("grade", NAME, "--json", "grades.json")
        done = run(there, *graded, "--scheduler", address, "--tls", "tls")
        cluster.communicate("\n")
    printed = "".join(path.read_text() for path in logs("slurm-*.out"))
    assert done.returncode == 0, done.stderr + printed
    assert "Compute Failed" not in printed
    assert run(here, *graded).returncode == 0
    assert read_grades(there / "grades.json") == read_grades(here / "grades.json")


@pytest.mark.slow
@installed
def test_manifests_fit_the_schemas_of_kubernetes(tmp_path: Path) -> None:
    """Every field is known to Kubernetes or to Dask's operator; one that is not is found."""

    def check(*paths: Path) -> str:
        command = [PYTHON, ROOT / "tools/machines/kubernetes_examples.py", *paths]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603

    wrong = []
    for name in ("kubernetes.yaml", "dask-operator.yaml"):
        path = tmp_path / name
        path.write_text((EXAMPLES / name).read_text().replace("readOnly:", "readonly:"))
        wrong.append(path)
    assert check() == "2 files, 0 mistakes\n"
    found = check(*wrong).splitlines()
    assert len([line for line in found if "'readonly' was unexpected" in line]) == 2 * 2 + 2
