"""What Windows does not have: modules and attributes of POSIX alone, by Python's documentation.

As a program, it imports libraries, takes those names away, and then runs Python code. The libraries
come first because they adapt to the system by themselves.
"""

from __future__ import annotations

import contextlib
import importlib
import sys

MODULES = (
    *("fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"),
    *("curses", "readline", "crypt", "nis", "spwd", "_posixsubprocess", "_posixshmem"),
)
ATTRIBUTES = {
    "os": (
        *("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_DIRECTORY", "O_PATH", "O_SYNC", "O_NOCTTY"),
        *("O_DSYNC", "O_TMPFILE", "O_ASYNC", "O_NDELAY", "O_NOATIME"),
        *("fork", "forkpty", "posix_spawn", "posix_spawnp", "register_at_fork", "wait", "wait3"),
        *("wait4", "waitid", "WNOHANG", "WIFEXITED", "WEXITSTATUS", "WIFSIGNALED", "WTERMSIG"),
        *("getuid", "geteuid", "getgid", "getegid", "getgroups", "getresuid", "getresgid"),
        *("setuid", "seteuid", "setgid", "setegid", "setgroups", "setresuid", "setresgid"),
        *("setsid", "getsid", "setpgid", "getpgid", "getpgrp", "killpg", "nice", "getpriority"),
        *("setpriority", "initgroups", "getloadavg", "uname", "sysconf", "confstr", "ctermid"),
        *("chown", "fchown", "lchown", "fchmod", "chroot", "fchdir", "mkfifo", "mknod", "statvfs"),
        *("fstatvfs", "fdatasync", "sync", "lockf", "pathconf", "fpathconf", "openpty", "ttyname"),
        *("tcgetpgrp", "pipe2", "pread", "preadv", "pwrite", "pwritev", "readv", "writev"),
        *("sendfile", "splice", "copy_file_range", "posix_fallocate", "posix_fadvise"),
        *("sched_yield", "sched_getaffinity", "sched_setaffinity", "sched_setscheduler"),
        *(
            "memfd_create",
            "eventfd",
            "pidfd_open",
            "getxattr",
            "setxattr",
            "listxattr",
            "getrandom",
        ),
    ),
    "signal": (
        *("SIGALRM", "SIGVTALRM", "SIGPROF", "SIGHUP", "SIGQUIT", "SIGKILL", "SIGSTOP", "SIGTSTP"),
        *("SIGCONT", "SIGCHLD", "SIGPIPE", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGXCPU", "SIGBUS"),
        *("SIGTTIN", "SIGTTOU", "SIGURG", "SIGIO", "SIGSYS", "SIGTRAP", "alarm", "pause"),
        *("setitimer", "getitimer", "ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF"),
        *("siginterrupt", "sigwait", "sigwaitinfo", "sigtimedwait", "sigpending"),
        *("pthread_kill", "pthread_sigmask", "SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"),
    ),
    "select": ("poll", "epoll", "kqueue"),
    "socket": ("AF_UNIX", "SCM_RIGHTS", "SCM_CREDENTIALS", "CMSG_LEN", "send_fds", "recv_fds"),
    "time": ("tzset", "clock_gettime", "clock_settime", "CLOCK_MONOTONIC", "CLOCK_REALTIME"),
    "pathlib": ("PosixPath",),
    "shutil": ("chown",),
}
"""Attributes by module; none of them has an equal on Windows."""


def take_away() -> None:
    """Remove these names from this process."""
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment] # what makes an import raise
    for module, names in ATTRIBUTES.items():
        if module == "pathlib":
            continue  # every path of this process is one
        for name in names:
            with contextlib.suppress(AttributeError):  # this system's Python lacks it as well
                delattr(importlib.import_module(module), name)


if __name__ == "__main__":
    for library in sys.argv[1].split(","):
        importlib.import_module(library)
    take_away()
    exec(sys.argv[2], {"__name__": "__main__"})  # noqa: S102 - the test's own program
