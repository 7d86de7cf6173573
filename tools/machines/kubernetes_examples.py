"""Check the manifests of docs/cluster against what Kubernetes and Dask's operator accept.

Run it in `.cluster` (`make .cluster/.installed`), which has both schemas: of Kubernetes by
kubernetes-validate, strictly; and of the operator's own kind by its package. Fields that a schema
does not know are mistakes, because Kubernetes drops them without a word.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

FOLDER = Path(__file__).parents[2] / "docs/cluster"
VERSIONS = ("1.33", "1.37")
"""Of Kubernetes: the first one that has `procMount` on by default, and the newest one known."""
_CRD = "operator/deployment/helm/dask-kubernetes-operator/crds/daskcluster.yaml"


_YAML = YAML(typ="safe")


def main(paths: list[Path]) -> int:
    """Check files; print what is wrong, and return how many mistakes there are."""
    mistakes = [f"{path.name}: {text}" for path in paths for text in check(path)]
    for mistake in mistakes:
        print(mistake)
    print(f"{len(paths)} files, {len(mistakes)} mistakes")
    return len(mistakes)


def check(path: Path) -> list[str]:
    """What is wrong with a file of manifests."""
    mistakes = []
    for manifest in list(_YAML.load_all(path)):  # its parser reads one file at a time
        if manifest["kind"] == "DaskCluster":
            mistakes += _of_operator(manifest)
        else:
            mistakes += _of_kubernetes(manifest)
    return mistakes


def _of_kubernetes(manifest: dict[str, Any]) -> list[str]:
    mistakes = [text for version in VERSIONS if (text := _of_version(manifest, version))]
    pod = manifest["spec"].get("template", {}).get("spec", {})
    unmasked = [
        container["name"]
        for container in pod.get("containers", ())
        if container.get("securityContext", {}).get("procMount") == "Unmasked"
    ]
    if unmasked and pod.get("hostUsers", True):  # a rule of the API server's, in no schema
        mistakes.append(f"{unmasked}: procMount Unmasked needs hostUsers: false")
    return mistakes


def _of_version(manifest: dict[str, Any], version: str) -> str:
    """What the schema of one version of Kubernetes finds first; "" if nothing."""
    try:
        kubernetes_validate.validate(manifest, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return f"Kubernetes {version}: {error.message}"
    return ""


def _of_operator(manifest: dict[str, Any]) -> list[str]:
    package = importlib.util.find_spec("dask_kubernetes")
    assert package is not None
    assert package.origin is not None
    definition = _YAML.load(Path(package.origin).parent / _CRD)
    (version,) = definition["spec"]["versions"]
    schema = version["schema"]["openAPIV3Schema"]
    _forbid_unknown(schema["properties"]["spec"])
    assert manifest["apiVersion"] == f"{definition['spec']['group']}/{version['name']}"
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
        for error in Draft7Validator(schema).iter_errors(manifest)
    ]


def _forbid_unknown(schema: Any) -> None:
    """Let objects have the properties only that are named."""
    if isinstance(schema, dict):
        if "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            _forbid_unknown(part)


if __name__ == "__main__":
    sys.exit(min(1, main([Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.yaml")))))
