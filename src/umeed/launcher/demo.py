"""`./umeed demo`: from a fresh clone to a running demonstration, and again in seconds the next time."""

import argparse
import os
from pathlib import Path

from umeed.launcher.children import Children, free_port, wanted_port, web_server, worker
from umeed.launcher.paths import data_folder
from umeed.launcher.problems import Problem
from umeed.launcher.product import Product, open_product
from umeed.launcher.screen import Screen
from umeed.launcher.setup import alone
from umeed.launcher.stages import FONTS_STAGE, LANGUAGES, STATIC, TABLES, forget, prepare, recall, remember

SIZES = ("village", "district", "ut")


def demo(words: list[str], screen: Screen) -> int:
    """Prepares what is not prepared, starts Umeed, prints where it is and who can sign in; ends with Ctrl-C."""
    wishes = _wishes(words)
    data = data_folder()
    if wishes.fresh:
        _refuse_to_empty_while_used(data)
    with open_product(data, "demonstration", screen) as product:
        with alone():
            if wishes.fresh:
                _start_anew(product)
            prepare(product, screen, [TABLES, FONTS_STAGE, LANGUAGES, STATIC])
            _load(product, screen, wishes.size, wishes.lgd)
        _serve(product, screen, wishes.port)
    return 0


def _wishes(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./umeed demo", description="Starts a demonstration mission of invented people."
    )
    parser.add_argument("--size", choices=SIZES, help="how much to load (village, unless something is loaded already)")
    parser.add_argument(
        "--lgd", type=Path, metavar="FILE", help="an LGD download: its panchayats and villages are used"
    )
    parser.add_argument(
        "--port",
        type=int,
        default=wanted_port(),
        help="the port to answer on (UMEED_PORT, else 8000; the next free one if taken)",
    )
    parser.add_argument("--fresh", action="store_true", help="throw the demonstration away and load it anew")
    wishes = parser.parse_args(words)
    if wishes.lgd and not wishes.lgd.is_file():
        parser.error(f"{wishes.lgd} is not a file")
    return wishes


def _refuse_to_empty_while_used(data: Path) -> None:
    from umeed.launcher.postgres import Cluster

    if Cluster(data).is_in_use():
        raise Problem("Another Umeed runs on this data folder. Stop it first (Ctrl-C there), then use --fresh.")


def _start_anew(product: Product) -> None:
    if product.own is None:
        raise Problem("--fresh empties Umeed's own database only. The one in DATABASE_URL is left alone.")
    product.own.databases.empty()
    forget(product.data)


def _load(product: Product, screen: Screen, size: str | None, lgd: Path | None) -> None:
    """Loads the demonstration once; asks for --fresh when another one is wanted than is there."""
    loaded = recall(product.data, "demonstration") if _is_of(product) else None
    wanted = _description(size or (loaded or SIZES[0]).split(" ")[0], lgd)
    with screen.step("Demonstration") as step:
        if loaded and (wanted == loaded or (size is None and lgd is None)):
            step.outcome = f"{loaded.split(' ')[0]}, as before"
            return
        if loaded:
            raise Problem(f"Another demonstration is loaded ({loaded.split(' ')[0]}). Add --fresh to replace it.")
        real_places = ["--lgd", str(lgd.resolve())] if lgd else []
        product.perform(step, "load_demo", "--size", wanted.split(" ")[0], *real_places)
        _keep_sign_ins(product)
        remember(product.data, "demonstration", wanted)
        remember(product.data, "demonstration database", product.database_url)


def _sign_ins(product: Product) -> str:
    """Who can sign in, as told when the demonstration was loaded: asking again would cost a second of every start."""
    kept = product.data / "sign-ins.txt"
    if not kept.exists():
        _keep_sign_ins(product)
    return kept.read_text().rstrip()


def _keep_sign_ins(product: Product) -> None:
    with open(os.open(product.data / "sign-ins.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as kept:
        kept.write(product.told_by("demo_sign_ins"))


def _is_of(product: Product) -> bool:
    return recall(product.data, "demonstration database") == product.database_url


def _description(size: str, lgd: Path | None) -> str:
    """What a demonstration was loaded from: its size, and the download by name, size and time."""
    if lgd is None:
        return size
    told = lgd.stat()
    return f"{size} {lgd.resolve()} {told.st_size} {told.st_mtime_ns}"


def _serve(product: Product, screen: Screen, wanted: int) -> None:
    port = free_port(wanted)
    address = f"http://127.0.0.1:{port}/"
    with Children(product, quiet=True) as children:
        with screen.step("Web server") as step:
            if port != wanted:
                step.outcome = f"port {wanted} is taken, so {port}"
            children.start("web server", web_server("127.0.0.1", port))
            children.wait_for_answer(f"{address}health", 60)
        children.start("worker", worker(), gives_up=True)
        screen.line(f"\nUmeed runs at  {address}\n")
        screen.line(_sign_ins(product))
        screen.line(f"\nThe bookkeeper's phone: {address}field/  (its code: sign in as block, open Phones)")
        screen.line("\nCtrl-C stops it. Everything is kept for the next ./umeed demo.")
        children.watch()
    screen.line("\nStopped.")
