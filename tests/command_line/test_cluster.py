"""A class graded on a cluster: workers that are killed or unplugged cost no Grade."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import hand_in, read_grades, run
from courses import CORPUS, NAME, copy_course
from dask_cluster import DaskCluster

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

STUDENTS = 16


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A scheduler."""
    with DaskCluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


def test_class_on_a_cluster_has_the_same_grades(cluster: DaskCluster, tmp_path: Path) -> None:
    """One worker is killed, one unplugged and one joins: every Grade is that of a local run."""
    here, there = tmp_path / "here", tmp_path / "there"
    right = [path.read_bytes() for path in sorted((CORPUS / "right").glob("*.ipynb"))]
    for folder in (here, there):
        copy_course(folder)
        for number in range(STUDENTS):
            hand_in(folder, f"s{number:02}", right[number % 4])
    first, second = cluster.add(), cluster.add()
    process = cluster.grade(there, NAME, "--json", "grades.json")
    assert process.stderr is not None
    told: list[str] = []

    def read_until(*texts: str) -> None:
        left = list(texts)
        for line in process.stderr or ():
            told.append(line)
            left = [text for text in left if text not in line]
            if not left:
                return
        raise AssertionError("".join(told))

    read_until(*(f"{machine.address}:" for machine in (first, second)))
    read_until("/16] ")
    first.kill()
    third = cluster.add()
    read_until(f"Lost the worker tls://{first.address}")
    if cluster.isolated:
        second.cut()
    else:
        second.kill()
    read_until(f"Lost the worker tls://{second.address}")
    told += process.stderr.readlines()
    process.stderr.close()
    assert process.wait(60) == 0, "".join(told)
    assert "1 of its submissions go to another one" in "".join(told)
    assert len([line for line in told if "/16] " in line]) == STUDENTS
    local = run(here, "grade", NAME, "--json", "grades.json")
    assert local.returncode == 0, local.stderr
    remote, expected = (json.dumps(read_grades(at / "grades.json")) for at in (there, here))
    assert remote == expected
    if cluster.isolated:
        assert not list((third.root / "dev/shm").iterdir())
        written = [path for path in (third.root / "tmp").rglob("*") if path.is_file()]
        assert written  # Dask's own, and certificates
        assert not [path for path in written if b"def test_" in path.read_bytes()]
