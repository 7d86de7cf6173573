#!/usr/bin/env bash
# Enter the root of a container and run a program in it; see gradescope_container.py.
#
# enter_gradescope_container.sh ROOT PATH:PATH... PROGRAM
set -eu
IFS=: read -ra groups <<<"${GROUPS_TO_JOIN:-}"
for group in "${groups[@]}"; do echo $$ >"$group/cgroup.procs"; done
export GROUPS_TO_JOIN
exec unshare --mount --net --ipc --uts --pid --fork --kill-child --propagation private bash -c '
set -eu
root=$1 program=$3
IFS=: read -ra visible <<<"$2"
IFS=: read -ra groups <<<"${GROUPS_TO_JOIN:-}"
mount --bind "$root" "$root"
for path in "${visible[@]}"; do
  if [ -L "$path" ]; then
    mkdir -p "$root$(dirname "$path")"
    ln -sfn "$(readlink "$path")" "$root$path"
  elif [ ! -e "$root$path/." ] || [ -z "$(ls -A "$root$path")" ]; then
    mkdir -p "$root$path"
    mount --rbind "$path" "$root$path"
    mount -o remount,bind,ro "$root$path"
  fi
done
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 devices "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/shm"
mount -t tmpfs -o mode=1777,size=64m shm "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=755 groups "$root/sys/fs/cgroup"
for group in "${groups[@]}"; do
  name=${group#/sys/fs/cgroup/} && name=${name%%/*}
  mkdir "$root/sys/fs/cgroup/$name"
  mount --bind "$group" "$root/sys/fs/cgroup/$name"
  mount -o remount,bind,ro "$root/sys/fs/cgroup/$name"
done
cd "$root"
pivot_root . .old
umount -l /.old
# What Docker leaves to root of a container.
capabilities=-all,+chown,+dac_override,+fsetid,+fowner,+mknod,+net_raw,+setgid,+setuid,+setfcap
capabilities+=,+setpcap,+net_bind_service,+sys_chroot,+kill,+audit_write
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
  /opt/autograder/bin/python -I /harness/load_filter.py \
  /usr/bin/setpriv --bounding-set "$capabilities" --inh-caps -all "$program"
' container "$@"
