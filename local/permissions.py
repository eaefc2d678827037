"""Lets the unprivileged account that PostgreSQL runs as reach the files it needs."""

import os
import pwd
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalRunError


@dataclass(frozen=True)
class Account:
    """A system account to run a server as."""

    uid: int
    gid: int


def unprivileged_account() -> Account | None:
    """`nobody` when we are root (PostgreSQL refuses root), None to run as ourselves."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def open_path(path: Path, account: Account) -> list[Path]:
    """Give `account` search permission on every directory above `path`; returns those changed."""
    return [folder for folder in reversed(path.resolve().parents) if _add_search(folder, account)]


def open_tree(root: Path, account: Account) -> None:
    """Give `account` read access to everything under `root` (a strict umask may deny it)."""
    for entry in _walk(root):
        info = entry.lstat()
        if stat.S_ISLNK(info.st_mode):
            continue
        executable = stat.S_ISDIR(info.st_mode) or bool(info.st_mode & stat.S_IXUSR)
        wanted = stat.S_IROTH | (stat.S_IXOTH if executable else 0)
        if info.st_uid != account.uid and info.st_mode & wanted != wanted:
            entry.chmod(stat.S_IMODE(info.st_mode) | wanted)


def _walk(root: Path) -> Iterator[Path]:
    yield root
    for folder, folders, files in os.walk(root):
        yield from (Path(folder, name) for name in (*folders, *files))


def _add_search(folder: Path, account: Account) -> bool:
    info = folder.stat()
    if info.st_mode & _search_bit(info, account):
        return False
    try:
        folder.chmod(stat.S_IMODE(info.st_mode) | _search_bit(info, account))
    except OSError as error:
        raise LocalRunError(
            f"{folder} can't be entered by the account PostgreSQL runs as: chmod o+x it ({error.strerror})"
        ) from error
    return True


def _search_bit(info: os.stat_result, account: Account) -> int:
    if info.st_uid == account.uid:
        return stat.S_IXUSR
    return stat.S_IXGRP if info.st_gid == account.gid else stat.S_IXOTH
