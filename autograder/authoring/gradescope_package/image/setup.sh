#!/usr/bin/env bash
# Gradescope runs this once, as root and with a network, when it builds the image.
set -euo pipefail
source=/autograder/source
environment=/opt/autograder # outside /autograder, so that the sandbox's user can read it

if [ ! -x "$environment/bin/python" ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  apt-get install --yes --no-install-recommends python3 python3-venv
  python3 -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' || {
    echo "ERROR The image has $(python3 --version), and the grader needs Python 3.10 to 3.13."
    echo "TIP   Choose Ubuntu 22.04 or 24.04 as the base image."
    exit 1
  }
  python3 -m venv "$environment"
  hashes=()
  grep -q -- --hash= "$source/requirements.txt" && hashes=(--require-hashes)
  "$environment/bin/python" -m pip install --no-cache-dir "${hashes[@]}" --requirement "$source/requirements.txt"
fi
"$environment/bin/python" -m pip install --no-cache-dir --no-index --no-deps "$source"/wheels/*.whl
chmod -R a+rX "$environment"
"$environment/bin/python" -I -c 'import autograder.cli.gradescope, tensorflow' # fail now, not at the first upload
# Solutions, held-out data and the key are for root alone; submissions run as another user.
chmod -R go= "$source"
