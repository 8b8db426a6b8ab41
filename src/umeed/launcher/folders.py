"""Where the private PostgreSQL lives: a home that its account can reach, and a short path for its socket."""

import hashlib
import os
import tempfile
from pathlib import Path

from umeed.launcher.account import Account, can_enter, give, server_account
from umeed.launcher.problems import Problem

# A socket's address holds 103 bytes on macOS and 107 on Linux, "/.s.PGSQL.5432" included.
LONGEST_SOCKET_FOLDER = 85
FOR_SERVERS_OF_ROOT = Path("/var/lib/umeed")
# In each folder there: the link that leads to it.
BELONGS_TO = "belongs-to"


def home_of(data: Path) -> Path:
    """`data/postgres`, made when absent; a link elsewhere when the server's account cannot go there (root's home)."""
    data.mkdir(parents=True, exist_ok=True)
    home = data / "postgres"
    account = server_account(home / "cluster")
    if not home.exists():
        if can_enter(account, data):
            home.mkdir(exist_ok=True)
        else:
            home.unlink(missing_ok=True)
            home.symlink_to(_folder_for_root(home))
    home.chmod(0o711 if account else 0o700)
    return home.resolve()


def _folder_for_root(home: Path) -> Path:
    FOR_SERVERS_OF_ROOT.mkdir(mode=0o755, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="postgres-", dir=FOR_SERVERS_OF_ROOT))
    (made / BELONGS_TO).write_text(str(home.absolute()))
    return made


def left_behind() -> list[Path]:
    """Databases of root whose data folder is gone. Told, never removed: a disk may only not be there just now."""
    kept = FOR_SERVERS_OF_ROOT.glob(f"postgres-*/{BELONGS_TO}") if os.geteuid() == 0 else ()
    return sorted(file.parent for file in kept if Path(file.read_text()).resolve() != file.parent.resolve())


def socket_folder(home: Path, account: Account | None) -> Path:
    """A folder for the socket, closed to others; in the temporary folder when the home's path is too long."""
    folder = home / "socket"
    if len(bytes(folder)) > LONGEST_SOCKET_FOLDER:
        name = f"umeed-{os.geteuid()}-{hashlib.sha256(bytes(home)).hexdigest()[:12]}"
        places = [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 - its owner is checked below
        folder = next(place / name for place in places if len(bytes(place / name)) <= LONGEST_SOCKET_FOLDER)
    folder.mkdir(mode=0o700, exist_ok=True)
    owners = {os.geteuid(), account.uid if account else os.geteuid()}
    if folder.is_symlink() or folder.stat().st_uid not in owners:
        raise Problem(f"{folder} belongs to someone else; it is where PostgreSQL's socket should be.")
    give(account, folder)
    return folder
