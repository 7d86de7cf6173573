#!/usr/bin/env bash
# Run a program where the hub's users exist, as one of them; see hub.py.
#
# enter_hub_machine.sh FOLDER USER PATH:PATH... PROGRAM ...
#
# FOLDER holds passwd, group and shadow. What the users need to read are the paths: if a folder
# above one is closed to them, as /root is, it holds nothing but the paths here.
set -eu
exec unshare --mount --propagation private bash -c '
set -eu
folder=$1 user=$2
IFS=: read -ra paths <<<"$3"
shift 3
stash=$(mktemp -d)
mount -t tmpfs -o mode=700 stash "$stash"
for number in "${!paths[@]}"; do
  mkdir "$stash/$number"
  mount --rbind "${paths[$number]}" "$stash/$number"
done
for number in "${!paths[@]}"; do
  path=${paths[$number]} above=""
  IFS=/ read -ra names <<<"${path#/}"
  for name in "${names[@]}"; do
    above=$above/$name
    mode=$(stat -L -c %a "$above" 2>/dev/null || echo 755)
    (( 8#$mode & 1 )) || mount -t tmpfs -o mode=755 visible "$above"
  done
  if [ ! -e "$path" ] || mountpoint -q "$path"; then
    mkdir -p "$path"
    mount --rbind "$stash/$number" "$path"
  fi
done
umount -l "$stash"
rmdir "$stash"
for name in passwd group shadow; do mount --bind "$folder/$name" "/etc/$name"; done
[ "$user" = root ] && exec "$@"
exec setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups --inh-caps=-all "$@"
' hub-machine "$@"
