"""Ports and processes: a free port is found, a child that ends is noticed, all end with the block."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from umeed.launcher.children import Children, free_port, wanted_port
from umeed.launcher.leftovers import command_of
from umeed.launcher.paths import SOURCE
from umeed.launcher.problems import Problem
from umeed.launcher.product import Product


@pytest.fixture
def product(tmp_path: Path) -> Product:
    return Product(tmp_path, "development", "postgresql:///nowhere", None)


def test_the_wanted_port_is_taken_when_free_and_the_next_when_not() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        other = free_port(number)
        assert other != number
    assert free_port(other) == other


def test_the_wanted_port_comes_from_the_environment_and_nonsense_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UMEED_PORT", "")
    assert wanted_port() == 8000
    monkeypatch.setenv("UMEED_PORT", "8123")
    assert wanted_port() == 8123
    for nonsense in ("http", "0", "70000", "-1"):
        monkeypatch.setenv("UMEED_PORT", nonsense)
        with pytest.raises(Problem, match="UMEED_PORT"):
            wanted_port()


def test_two_servers_that_would_share_a_port_are_kept_apart() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert free_port(taken.getsockname()[1]) != taken.getsockname()[1]


def test_a_child_that_ends_is_a_problem_told_with_its_last_words(product: Product) -> None:
    with Children(product, quiet=True) as children:
        children.start("web server", [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"])
        with pytest.raises(Problem, match=r"web server ended by itself \(status 3\)(.|\n)*no such table"):
            children.watch()


def test_a_killed_database_is_revived_and_what_gave_up_without_it_starts_anew(tmp_path: Path) -> None:
    class Own:
        asked = 0

        def revive(self) -> bool:
            self.asked += 1
            if self.asked == 3:
                raise KeyboardInterrupt
            return self.asked == 1

    product = Product(tmp_path, "development", "postgresql:///nowhere", Own())  # type: ignore[arg-type]
    been = tmp_path / "been"
    with Children(product, quiet=True) as children:
        children.start("web server", ["sh", "-c", "echo $$; exec sleep 60"])
        # Ends at once the first time, as the worker does whose database is gone.
        gives_up = f"echo $$; if mkdir {been}; then exit 1; fi; exec sleep 60"
        children.start("worker", ["sh", "-c", gives_up], gives_up=True)
        await_that(been.exists)
        children.watch()
        await_that(lambda: len(re.findall(r"^\d+$", children.log("worker").read_text(), re.M)) == 2)
        children.check()
        assert len(children.log("web server").read_text().split()) == 1


def test_a_database_killed_while_the_web_server_starts_is_revived_too(tmp_path: Path) -> None:
    class Own:
        asked = 0

        def revive(self) -> bool:
            self.asked += 1
            return True

    own = Own()
    with Children(Product(tmp_path, "development", "postgresql:///nowhere", own), quiet=True) as children:  # type: ignore[arg-type]
        children.start("web server", ["sleep", "60"])
        with pytest.raises(Problem, match="does not answer"):
            children.wait_for_answer("http://127.0.0.1:9/health", 0.5)
    assert own.asked > 1


def test_children_end_with_the_block_even_those_that_will_not_listen(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("umeed.launcher.children.SECONDS_TO_STOP", 1)
    deaf = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print(os.getpid(), flush=True); time.sleep(60)"
    )
    with Children(product, quiet=True) as children:
        children.start("deaf", [sys.executable, "-c", deaf])
        while not children.log("deaf").read_text().strip():
            children.check()
        pid = int(children.log("deaf").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_children_end_even_when_the_launcher_is_killed_outright(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from umeed.launcher.children import Children;"
        "from umeed.launcher.product import Product\n"
        "with Children(Product(Path(sys.argv[1]), 'development', 'x', None), quiet=True) as children:\n"
        "    children.start('child', ['sh', '-c', 'echo $$; exec sleep 60'])\n"
        "    time.sleep(60)"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], env=os.environ | {"PYTHONPATH": str(SOURCE)}
    )
    log = tmp_path / "log" / "child.log"
    await_that(lambda: log.exists() and log.read_text().endswith("\n"))
    launcher.kill()
    launcher.wait()
    await_that(lambda: command_of(int(log.read_text())) == "")


def await_that(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_address_that_answers_badly_is_not_taken_for_an_answer(product: Product) -> None:
    port = free_port(18000)
    code = f"import http.server as h; h.HTTPServer(('127.0.0.1', {port}), h.BaseHTTPRequestHandler).serve_forever()"
    with Children(product, quiet=True) as children:
        children.start("web server", [sys.executable, "-c", code])
        with pytest.raises(Problem, match="501"):
            children.wait_for_answer(f"http://127.0.0.1:{port}/health", 1)
