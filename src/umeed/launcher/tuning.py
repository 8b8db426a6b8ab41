"""The settings that the private PostgreSQL runs with, chosen for two cores and for what the machine offers."""

import os
from pathlib import Path

# Containers often have a /dev/shm of 64 MB; parallel queries then fail with "No space left on device".
SMALLEST_SHARED_MEMORY = 256 * 1024 * 1024


def settings_file(socket: Path, *, durable: bool) -> str:
    """The text of `umeed.conf`, written anew at every start since the machine may have changed."""
    quoted = str(socket).replace("'", "''")
    settings = {
        "listen_addresses": "''",
        "port": "5432",
        "unix_socket_directories": f"'\"{quoted}\"'",
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "60",
        "shared_buffers": f"{_shared_buffers_mb()}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        # The one that asks works too; each helper looks up anew what the viewer reaches.
        "max_parallel_workers_per_gather": str(max(1, (os.cpu_count() or 2) - 1)),
        "dynamic_shared_memory_type": "posix" if _has_shared_memory() else "mmap",
        "log_timezone": "'UTC'",
        "timezone": "'UTC'",
        "lc_messages": "'C'",
    }
    safe = "on" if durable else "off"
    settings |= {"fsync": safe, "synchronous_commit": safe, "full_page_writes": safe}
    if not durable:
        # Tests roll back. What autovacuum counts between two of them are empty tables, and whatever the next one plans
        # with that, within its own transaction, takes ten times as long.
        settings["autovacuum"] = "off"
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def _shared_buffers_mb() -> int:
    """A quarter of a gigabyte, less on a machine with less than 2 GB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(32, min(256, memory // (8 * 1024 * 1024)))


def _has_shared_memory() -> bool:
    folder = Path("/dev/shm")  # noqa: S108 - looked at, not written to
    if not folder.exists():
        return os.uname().sysname == "Darwin"
    room = os.statvfs(folder)
    return os.access(folder, os.W_OK) and room.f_frsize * room.f_blocks >= SMALLEST_SHARED_MEMORY
