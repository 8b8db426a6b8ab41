"""Mistakes that others made, put into our own code: the simulator must find each. A text of one file, replaced."""

from __future__ import annotations

from dataclasses import dataclass

OUTBOX, SYNC = "static/field/store/outbox.js", "static/field/store/sync.js"
DEVICE = "static/field/store/device.js"
KEPT, SERVER = "static/field/store/kept.js", "tests/simulator/server.js"
BOOK = "tests/simulator/book.js"


@dataclass(frozen=True)
class Mutant:
    path: str
    old: str
    new: str
    # A seed that is known to find it, where the first one that does comes late.
    first: int = 1


MUTANTS = {
    "deleted_when_sent": Mutant(
        OUTBOX,
        "      chosen.push(command);\n",
        "      chosen.push(command);\n      this.#records.delete(record.id);\n"
        '      this.store.write([["delete", "commands", record.id]]).catch(() => {});\n',
    ),
    "cursor_by_time": Mutant(
        SERVER,
        "return this.active.size ? Math.min(...this.active) : this.kept.nextXid;",
        "return this.kept.nextXid;",
        first=16402,
    ),
    "answers_by_order": Mutant(
        OUTBOX,
        "const record = changed.get(answer?.id) || this.#records.get(answer?.id);",
        "const record = this.waiting()[answers.indexOf(answer)];",
    ),
    "cursor_before_parts": Mutant(
        SYNC,
        "    let came = 0;\n",
        "    let came = 0;\n    await this.#takeCursor(body);\n",
    ),
    "told_before_kept": Mutant(
        OUTBOX,
        "    await this.store.write([...records.map(",
        "    this.store.write([...records.map(",
    ),
    "settled_when_answered": Mutant(
        OUTBOX,
        "  return { ...next, ...mayBeOld, is_settled: isSame && record.is_settled };",
        "  return { ...next, ...mayBeOld, is_settled: true };",
    ),
    "answer_of_any_try": Mutant(
        OUTBOX,
        'return answer.try === record.try || (state === "conflict" && answer.try < record.try);',
        "return true;",
        first=868,
    ),
    "have_before_parts": Mutant(
        KEPT,
        "    await this.store.write([...alongside, ...taken.flatMap(({ changes }) => changes)]);\n",
        "    await this.store.write(taken.map(({ changes }) => changes.at(-1)));\n"
        "    await this.store.write([...alongside, ...taken.flatMap(({ changes }) => changes)]);\n",
    ),
    "wipe_takes_all": Mutant(
        OUTBOX,
        "const gone = this.list().map((record) => record.id).filter((id) => !this.isToSend(id));",
        "const gone = this.list().map((record) => record.id);",
    ),
    "restored_server_is_believed": Mutant(
        SYNC, "const isOther = await this.#doubted(server);", "const isOther = false;"
    ),
    "put_back_under_its_name_is_believed": Mutant(
        SYNC, "cursor: this.meta.cursor, told: this.meta.told,", "cursor: this.meta.cursor,",
        first=573,
    ),
    "number_is_kept_with_the_cursor": Mutant(
        SYNC,
        '{ on: body.today, server }, [["put", "meta", "sync", meta]]);',
        "{ on: body.today, server });",
        first=18850,
    ),
    "wiped_before_sent_again": Mutant(
        SYNC,
        "body.wipe === true && !isOther && !this.outbox.doubted",
        "body.wipe === true",
        first=1671,
    ),
    "gone_group_takes_its_commands": Mutant(
        SYNC,
        "    await this.kept.forget(gone);\n",
        "    await this.kept.forget(gone, this.outbox.list().filter((one) => gone.includes(one.group))"
        '.map((one) => ["delete", "commands", one.id]));\n    await this.outbox.load();\n',
    ),
    "number_is_not_told": Mutant(OUTBOX, '"for", "number"];', '"for"];'),
    "merges_what_may_be_one_meeting": Mutant(BOOK, "apart(one, on) < APART);", "one.on === on);"),
    "window_never_moves": Mutant(KEPT, "const MONTHS_KEPT = 15;", "const MONTHS_KEPT = 9999;"),
    "put_away_is_told_to_nobody": Mutant(OUTBOX, "...this.list().filter(isUntold), ...again", "...again"),
    # Of letters that the worker sends while the app is closed.
    "gone_when_posted": Mutant(
        DEVICE,
        "    await session.store.write(changes);\n    letters.push({ what, bytes });",
        '    await session.store.write([...changes, ...some.map(({ id }) => ["delete", "commands", id])]);\n'
        "    letters.push({ what, bytes });",
    ),
    "letters_that_were_answered_are_believed": Mutant(
        DEVICE, "{ on: today, isByFile: true }", "{ on: today }", first=2927,
    ),
    "letters_stay_when_answered": Mutant(
        DEVICE,
        "const good = before.filter(({ what }) => what.every((name) => waits.has(name)));", "const good = before;",
    ),
    "mended_under_the_same_try": Mutant(OUTBOX, "try: record.try + 1, state", "try: record.try, state", first=859),
}  # fmt: skip
