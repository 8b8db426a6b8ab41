"""kill -9 under load: of the web server's workers, of all of it, and of PostgreSQL itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from umeed.launcher.postgres import Cluster

MODULE = "umeed.bench.tests.killed_under_load"


@pytest.mark.xdist_group("killed under load")
def test_what_a_phone_was_told_is_kept_survives_every_kill() -> None:
    folder = Path(tempfile.mkdtemp(prefix="umeed-test-"))
    folder.chmod(0o755)
    cluster = Cluster(folder / "data")  # durable, as it runs anywhere
    try:
        environment = os.environ | {
            "DATABASE_URL": cluster.ensure_running(), "PYTHONPATH": str(Path(settings.PROJECT) / "src")
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", MODULE, str(folder / "data")], env=environment, capture_output=True, text=True,
            timeout=500,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        told = json.loads(done.stdout.splitlines()[-1])
        assert told["sheets"] == 240 and told["unanswered"] > 0, told
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
