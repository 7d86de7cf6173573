#!/usr/bin/env bash
# Test on another Python: a newer Debian, unpacked into a folder of the project's and entered without
# touching the machine. Runs the unit tests and the first assignment's demo there.
#
# tools/machines/other_python.sh [SUITE]    (default: trixie, which has Python 3.13)
set -eu
cd "$(dirname "$0")/../.."
suite=${1:-trixie}
root=$PWD/.other-python/$suite

cannot() {
  echo "Not tested on another Python: $1."
  exit 0
}
[ "$(id -u)" = 0 ] || cannot "only root can enter another Debian"
for tool in debootstrap unshare pivot_root; do
  command -v "$tool" >/dev/null || cannot "$tool is missing (apt-get install debootstrap util-linux)"
done

if [ ! -e "$root/.unpacked" ]; then
  mirror=$(grep -rhoE '(https?|file)://[^ ]+' /etc/apt/sources.list /etc/apt/sources.list.d \
    --include='*.list' --include='*.sources' 2>/dev/null | grep -vE '/archive/|security' | head -n 1)
  [ -n "$mirror" ] || cannot "apt has no mirror to unpack $suite from"
  rm -rf "$root"
  mkdir -p "$root"
  debootstrap --variant=minbase --include=python3,python3-venv,make,ca-certificates \
    "$suite" "$root" "$mirror" >"$root.log" 2>&1 || cannot "debootstrap failed, see $root.log"
  umount "$root/proc" "$root/sys" 2>/dev/null || true # debootstrap leaves them mounted
  touch "$root/.unpacked"
fi

# What its network and pip need is the machine's own.
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
for place in /etc/pip.conf /etc/xdg/pip "$HOME/.config/pip" /etc/ssl/certs; do
  [ -e "$place" ] || continue
  mkdir -p "$root$(dirname "$place")"
  rm -rf "${root:?}$place"
  cp -rLT "$place" "$root$place"
done
mkdir -p "$root/project"
find "$root/project" -mindepth 1 -maxdepth 1 ! -name .venv ! -name .cache -exec rm -rf {} +
git ls-files -z --cached --others --exclude-standard | tar --null -T - --ignore-failed-read -cf - |
  tar -C "$root/project" -xf -

inside='
set -eu
cd /project
python3 --version
make install
.venv/bin/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile -p no:cacheprovider tests/unit tests/authoring/test_code_meaning.py
rm -rf demo
.venv/bin/python -m tools.classes.demo demo 01-first-training
cd demo
../.venv/bin/autograder grade 01-first-training
'
# A root of its own, not a chroot: the sandbox must be able to change its root again.
exec unshare --mount --propagation private bash -c '
set -eu
mount --bind "$1" "$1"
cd "$1"
mount --rbind /dev dev
mount -t proc proc proc
mount --rbind /sys sys
mkdir -p .old
pivot_root . .old
umount -l /.old
exec /usr/bin/env PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root /bin/bash -c "$2"
' other_python "$root" "$inside"
