"""`./umeed serve`: the web server and the worker as an installation runs them."""

import argparse
import os
from pathlib import Path

from umeed.launcher.children import Children, free_port, wanted_port, web_server, worker
from umeed.launcher.keys import development_keys
from umeed.launcher.paths import data_folder
from umeed.launcher.problems import Problem
from umeed.launcher.product import open_product
from umeed.launcher.screen import Screen
from umeed.launcher.setup import alone
from umeed.launcher.stages import FONTS_STAGE, LANGUAGES, STATIC, TABLES, prepare

REQUIRED = ("UMEED_SECRET_KEY", "UMEED_FIELD_KEY", "UMEED_HASH_KEY")


def serve(words: list[str], screen: Screen) -> int:
    """Starts Umeed on the settings of the environment, until it is told to stop."""
    wishes = _wishes(words)
    data = data_folder()
    mode = os.environ.get("UMEED_MODE") or ("development" if wishes.development else "production")
    if mode == "production":
        _refuse_unsafe_keys(data)
    if free_port(wishes.port, wishes.host) != wishes.port:
        raise Problem(f"Port {wishes.port} is taken. Choose another with --port.")
    with open_product(data, mode, screen) as product, Children(product, quiet=False) as children:
        if wrong := product.why_not_start():
            raise Problem(wrong)
        with alone():
            tables = [TABLES] if wishes.migrate else []
            prepare(product, screen, [*tables, FONTS_STAGE, LANGUAGES, STATIC])
        children.start("web server", web_server(wishes.host, wishes.port, wishes.workers))
        children.start("worker", worker(), gives_up=True)
        screen.line(f"\nUmeed ({mode}) answers on {wishes.host}, port {wishes.port}.")
        children.watch()
    screen.line("\nStopped.")
    return 0


def _wishes(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./umeed serve", description="Runs Umeed on the settings of the environment.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=wanted_port(), help="the port to listen on (UMEED_PORT, else 8000)")
    parser.add_argument("--workers", type=int, default=2, help="web processes (2)")
    parser.add_argument("--migrate", action="store_true", help="bring the tables up to date first")
    parser.add_argument("--development", action="store_true", help="development mode, with generated secrets")
    return parser.parse_args(words)


def _refuse_unsafe_keys(data: Path) -> None:
    missing = [name for name in REQUIRED if not os.environ.get(name)]
    if missing:
        raise Problem(f"Production needs {', '.join(missing)} in the environment; see docs/operate/settings.md.")
    if not (data / "secrets.env").exists():
        return
    development = development_keys(data)
    shared = [name for name in REQUIRED if os.environ[name] == development.get(name)]
    if shared:
        raise Problem(f"{', '.join(shared)}: these are the development secrets of {data}. Production needs its own.")
