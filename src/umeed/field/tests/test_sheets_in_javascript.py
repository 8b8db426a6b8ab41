"""What became of a sheet has its word on the screen, whatever a server may answer."""

import pytest

from umeed.field.tests.javascript import JavaScript

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]
WORDLESS = """async (load) => {
    const { OPEN, FINAL } = await load("store/outbox.js");
    const { STATES } = await load("screens/outbox.js");
    return ["waiting", "refused", "put_away", ...OPEN, ...FINAL].filter((one) => !STATES[one]?.()[1]);
}"""


def test_every_state_of_a_sheet_has_its_word(js: JavaScript) -> None:
    assert js.run(WORDLESS) == []
