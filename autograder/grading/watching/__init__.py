"""Grade what students hand in as it arrives: practice at once, and the mark at the deadline."""

from __future__ import annotations

from autograder.grading.watching.inbox import ExchangeInbox, FolderInbox, Inbox
from autograder.grading.watching.watcher import Answer, Watcher

__all__ = ["Answer", "ExchangeInbox", "FolderInbox", "Inbox", "Watcher"]
