"""The year of one group as its bookkeeper writes it on its pages, and a notebook beside it that adds up plainly.

Twelve monthly meetings and an extra one: who is absent sends her money, a month is lost to snow, ten rupees are
missing, a loan is repaid after the harvest, a woman leaves, a meeting is corrected, another taken back. In rupees.
"""

import datetime
import json
from collections import Counter
from dataclasses import dataclass, field

from tests.browser.conftest import Person, Site
from tests.browser.keeping import Keeper

AFROZA, BILQUEES, DILAFROZ, GULNAZ, HANEEFA, MASOODA = WOMEN = (
    "Afroza Khan", "Bilquees Dar", "Dilafroz Mir", "Gulnaz Lone", "Haneefa Wani", "Masooda Bhat",
)  # fmt: skip


def tenths(today: datetime.date) -> list[datetime.date]:
    """The tenth of each of thirteen months, the last one over."""
    last = today.year * 12 + today.month - (1 if today.day > 10 else 2)
    return [datetime.date(month // 12, month % 12 + 1, 10) for month in range(last - 12, last + 1)]


@dataclass
class Notebook:
    """The year by plain addition: what each woman has and owes, the box, the bank, and everything else by its head."""

    cash: int = 0
    bank: int = 0
    saved: Counter[str] = field(default_factory=Counter)
    owed: Counter[str] = field(default_factory=Counter)
    heads: Counter[str] = field(default_factory=Counter)

    def save(self, *women: str, each: int = 100) -> None:
        for woman in women:
            self.saved[woman] += each
        self.cash += each * len(women)

    def repay(self, woman: str, principal: int, interest: int, penalty: int = 0) -> None:
        self.owed[woman] -= principal
        self.heads["Interest from members"] += interest
        self.heads["Penalty from a member"] += penalty
        self.cash += principal + interest + penalty

    def lend(self, woman: str, rupees: int, *, by_bank: bool = False) -> None:
        self.owed[woman] += rupees
        if by_bank:
            self.bank -= rupees
        else:
            self.cash -= rupees

    def pay_the_vo(self, principal: int, interest: int) -> None:
        self.heads["Loan from the VO"] -= principal
        self.heads["Interest to the VO or CLF"] += interest
        self.cash -= principal + interest

    def deposit(self, rupees: int) -> None:
        self.cash -= rupees
        self.bank += rupees

    def move(self, head: str, rupees: int) -> None:
        """Into the box, or out of it with a minus."""
        self.heads[head] += abs(rupees)
        self.cash += rupees


class Year:
    """Who writes the year: the group's pages, the VO's, and the notebook beside them."""

    def __init__(
        self, site: Site, somebody, name: str, language: str, viewport: dict[str, int], *, women: str = "en"
    ) -> None:
        self.days = tenths(datetime.date.today())
        formed = self.days[0].replace(day=1)
        self.site, self.name, self.language = site, name, language
        said = json.loads(site.run("tests.browser.founding", name, formed.isoformat(), women))
        self.person: Person = somebody(said["group_bookkeeper"], language=language, viewport=viewport)
        self.keeper = Keeper(self.person.page, site.address, said["group"])
        self.people, self.vo, self.formed, self.book = said, said["vo"], formed, Notebook()
        self.women: tuple[str, ...] = tuple(said["women"])
        self.number, self.last = 0, ""

    def open_book(self, keeper: Keeper) -> None:
        keeper.open("cut-off/")
        keeper.type(on=self.formed.isoformat())
        keeper.press("form[action$='/without/'] button")
        assert keeper.told() == ""

    def begin(self, on: datetime.date, *, kind: str = "regular", **attendance: str) -> Keeper:
        """Begins the next meeting and says who came: all but those who are named."""
        self.number += 1
        self.keeper.begin(on.isoformat(), self.number, kind)
        self.keeper.step("attendance", {f"a-{self.keeper.her(who)}": what for who, what in attendance.items()})
        return self.keeper

    def save(self, *women: str, **more: str) -> None:
        """Savings as they are filled in, and what else is typed there."""
        self.keeper.step("savings", more)
        self.book.save(*women)

    def repay(self, **totals: str) -> None:
        """What is due is filled in; one total is typed where she brought another amount."""
        self.keeper.go("repayments")
        self.keeper.step("repayments", {f"{self.keeper.loan_of(who)}-total": paid for who, paid in totals.items()})

    def ask(self, woman: str, rupees: int, purpose: str, *, grant: bool = True) -> None:
        """She asks; the group grants it at once, or lets her wait."""
        self.keeper.go("requests")
        at = self.keeper.page.locator("main [name$='-woman'][name^='q-']").count() - 1
        asked = {"woman": self.keeper.her(woman), "paise": str(rupees), "purpose": purpose}
        self.keeper.step("requests", {f"q-{at}-{key}": value for key, value in asked.items()}, more=True)
        if grant:
            self.grant(woman)

    def grant(self, woman: str) -> None:
        self.keeper.go("requests")
        row = self.keeper.page.locator(".meeting-queue li", has_text=woman)
        name = row.locator("select[name$='-outcome']").get_attribute("name")
        self.keeper.step("requests", {str(name): "granted"})

    def lent(self) -> str:
        """The beginning of the fields of the one loan on the step of loans paid out."""
        self.keeper.go("lendings")
        method = self.keeper.page.locator("main select[name$='-method']")
        return str(method.get_attribute("name")).removesuffix("-method")

    def undo(self, meeting: str, how: str, why: str) -> None:
        """Takes a meeting back, or opens it again to be corrected."""
        page = self.keeper.page
        page.goto(meeting)
        page.locator(f"main a[href$='/{how}/']").click()
        self.keeper.type(why=why)
        self.keeper.press("main form button.button")
        assert self.keeper.told() == ""

    def leaves(self, woman: str, on: datetime.date) -> None:
        page = self.keeper.page
        page.goto(f"{self.site.address}/institutions/{self.people['group']}/member-leaves/")
        page.select_option("select[name=membership]", label=woman)
        self.keeper.type(left_on=f"{on:%d-%m-%Y}", leave_reason="migrated")
        page.locator("main form button[data-confirm]").click()
        self.keeper.press("dialog button >> nth=0")
        assert "member-leaves" not in page.url, page.locator("main").inner_text()

    def count(self, rupees: int | None = None, why: str = "", *, unpaid: str = "") -> None:
        """Counts what must be there, or something else with its reason; and closes. What was due to the VO and not paid
        (the step was never opened) is asked about, and nothing else."""
        counted = self.book.cash if rupees is None else rupees
        self.keeper.step("count", {"counted": str(counted), **({"difference_why": why} if why else {})})
        asked = self.keeper.asked()
        assert len(asked) == bool(unpaid), asked
        assert all(unpaid in one and self.keeper.title_of("bank") in one for one in asked), asked
        self.last = self.keeper.close(sure=bool(unpaid))


def in_the_first_half(year: Year) -> None:
    """Meetings 1 to 4: a start, one who sends her money, the first loans, ten rupees short, a month of snow."""
    book, days = year.book, year.days
    keeper = year.begin(days[0])
    year.save(*WOMEN)
    keeper.step("receipts", {"c-0-head": "startup", "c-0-paise": "1500"})
    book.move("Start-up grant", 1500)
    year.ask(BILQUEES, 1000, "cattle")
    keeper.step("lendings")
    book.lend(BILQUEES, 1000)
    keeper.step("bank", {"deposit": "1000"})
    book.deposit(1000)
    keeper.step("agenda", {"i-0-topic": "School", "i-0-decided": "Every girl of the hamlet goes."})
    year.count()

    keeper = year.begin(days[1], **{GULNAZ: "absent", HANEEFA: "late"})
    her = keeper.her(GULNAZ)
    year.save(*WOMEN, **{f"s-{her}-saving_compulsory": "100", f"by-{her}": "Her daughter"})
    year.repay()
    book.repay(BILQUEES, 100, 20)
    keeper.step("receipts")
    book.move("Fine", 10)
    year.ask(HANEEFA, 2000, "orchard", grant=False)
    year.count()

    keeper = year.begin(days[2])
    year.save(*WOMEN)
    year.repay(**{BILQUEES: "200"})
    book.repay(BILQUEES, 182, 18)
    # Gulnaz was absent last time: her fine is filled in now. Her saving is not, it had come.
    keeper.step("receipts")
    book.move("Fine", 5)
    year.grant(HANEEFA)
    loan = year.lent()
    keeper.step("lendings", {f"{loan}-method": "bullet", f"{loan}-first_due": days[8].isoformat()})
    book.lend(HANEEFA, 2000)
    keeper.step("bank", {"withdrawal": "500"})
    book.deposit(-500)
    book.move("Cash found short", -10)
    year.count(why="A note of ten was torn")

    keeper.open("meetings/missed/")
    for box in keeper.page.locator("input[name=day]").all():
        box.set_checked(box.get_attribute("value") == days[3].isoformat())
    keeper.page.locator("label.pill").first.click()
    keeper.press("main form button")
    assert keeper.told() == ""

    keeper = year.begin(days[4])
    year.save(*WOMEN)
    year.repay(**{BILQUEES: "200"})
    # Two months at 2 per cent on 718, 14.36 each, in whole rupees 14. No meeting was held in the month of snow: she is
    # not late.
    book.repay(BILQUEES, 172, 28)
    keeper.step("bank", {f"g-{year.vo}-saving-paise": "150"})
    book.move("Saving with the VO", -150)
    year.count()


def at_the_vo(year: Year, keeper: Keeper) -> None:
    """The VO counts in what the group sent, and lends it 6,000."""
    keeper.begin((year.days[4] + datetime.timedelta(days=5)).isoformat(), 1)
    keeper.step("attendance")
    keeper.step("brought", {f"arr-{year.people['group']}-paise": "150"})
    keeper.step("money", {"c-0-head": "startup", "c-0-paise": "10000"})
    lent = {"body": year.people["group"], "paise": "6000", "mode": "cash", "source": "own"}
    keeper.step("lendings", {f"n-0-{key}": value for key, value in lent.items()})
    keeper.step("count", {"counted": "4150"})
    keeper.close(sure=True)


def in_the_second_half(year: Year) -> None:
    """Meetings 5 to 10: money of the VO, a loan out of the bank, an extra meeting, a mistake corrected, the harvest."""
    book, days = year.book, year.days
    keeper = year.begin(days[5], **{DILAFROZ: "on_leave"})
    year.save(*(one for one in WOMEN if one != DILAFROZ), **{f"s-{keeper.her(AFROZA)}-saving_optional": "250"})
    book.save(AFROZA, each=250)
    year.repay()
    # Five instalments of 100 less the 454 that she repaid; 2 per cent on 546 are 10.92.
    book.repay(BILQUEES, 46, 11)
    keeper.step("receipts", {f"arr-{year.vo}-paise": "6000"})
    book.move("Loan from the VO", 6000)
    year.ask(MASOODA, 3000, "shop")
    keeper.step("lendings", {f"{year.lent()}-mode": "bank"})
    book.lend(MASOODA, 3000, by_bank=True)
    keeper.step("payments", {"p-0-head": "fee_to_bookkeeper", "p-0-paise": "100"})
    book.move("Fee to the bookkeeper", -100)
    keeper.step("bank", {"deposit": "5000"})
    book.deposit(5000)
    year.count()

    keeper = year.begin(days[5] + datetime.timedelta(days=7), kind="extra")
    # Only what Dilafroz did not save while she was on leave is filled in.
    year.save(DILAFROZ)
    year.ask(DILAFROZ, 500, "health")
    # Her first instalment falls due at the next meeting, of itself.
    keeper.step("lendings")
    book.lend(DILAFROZ, 500)
    # The VO lent on the 15th of the month before: 600 and one per cent on 6,000 were due two days ago.
    year.count(unpaid="₹660")

    keeper = year.begin(days[6])
    # Ten is written where she gave a hundred; the box holds what she gave.
    year.save(*WOMEN, **{f"s-{keeper.her(GULNAZ)}-saving_compulsory": "10"})
    year.repay()
    book.repay(BILQUEES, 100, 10)
    # The whole month at 2 per cent: nothing was repaid within it, whatever the days.
    book.repay(DILAFROZ, 50, 10)
    book.repay(MASOODA, 300, 60)
    keeper.step("bank")
    book.pay_the_vo(600, 60)
    year.count(why="We do not find where the ninety are from")
    mistaken = year.last

    keeper = year.begin(days[7])
    year.save(*WOMEN)
    year.repay()
    book.repay(BILQUEES, 100, 8)
    book.repay(DILAFROZ, 50, 9)
    book.repay(MASOODA, 300, 54)
    # Again 600, and one per cent by the days: on 6,000 until the VO was paid on the tenth, then on 5,400 for five days.
    year.count(unpaid="₹659")

    year.undo(mistaken, "correct", "Gulnaz gave a hundred, ten was written")
    keeper.step("savings", {f"s-{keeper.her(GULNAZ)}-saving_compulsory": "100"})
    keeper.step("count")
    keeper.close()
    assert "the ninety" not in keeper.page.locator("main").inner_text()

    keeper = year.begin(days[7] + datetime.timedelta(days=7), kind="extra")
    keeper.step("savings", {f"s-{keeper.her(MASOODA)}-saving_optional": "70"})
    # An extra meeting asks nobody for the regular saving: the seventy, and two instalments of the VO left unpaid, the
    # second with one per cent on 5,400; and so each month until the VO is paid.
    year.count(book.cash + 70, unpaid="₹1,313")
    year.undo(year.last, "take-back", "This was the meeting of another group")
    year.number -= 1

    for at, interests, harvest, unpaid in ((8, (6, 8, 48), True, "₹1,313"), (9, (4, 7, 42), False, "₹1,967")):
        year.begin(days[at])
        year.save(*WOMEN)
        year.repay()
        for woman, principal, interest in zip((BILQUEES, DILAFROZ, MASOODA), (100, 50, 300), interests, strict=True):
            book.repay(woman, principal, interest)
        if harvest:
            # Six months at 2 per cent on 2,000.
            book.repay(HANEEFA, 2000, 240)
        year.count(unpaid=unpaid)


def who_leaves(year: Year) -> None:
    """Meeting 11: a woman takes her savings back, and leaves."""
    book, days = year.book, year.days
    keeper = year.begin(days[10])
    her = keeper.her(GULNAZ)
    year.save(
        *(one for one in WOMEN if one != GULNAZ),
        **{f"s-{her}-saving_compulsory": "", f"w-{her}-saving_compulsory": str(book.saved[GULNAZ])},
    )
    book.save(GULNAZ, each=-book.saved[GULNAZ])
    year.repay()
    book.repay(BILQUEES, 100, 2)
    book.repay(DILAFROZ, 50, 6)
    book.repay(MASOODA, 300, 36)
    year.count(unpaid="₹2,621")
    year.leaves(GULNAZ, days[10] + datetime.timedelta(days=2))


def to_the_end(year: Year) -> None:
    """Meetings 12 and 13, without her; the VO is paid what is due."""
    book, days = year.book, year.days
    for at, interests, unpaid in ((11, (5, 30), "₹3,275"), (12, (4, 24), "")):
        keeper = year.begin(days[at])
        assert GULNAZ not in keeper.page.locator("main").inner_text()
        year.save(*(one for one in WOMEN if one != GULNAZ))
        year.repay()
        book.repay(DILAFROZ, 50, interests[0])
        book.repay(MASOODA, 300, interests[1])
        if at == 12:
            # Six instalments since the seventh meeting, 59 and five times one per cent on 5,400: filled in.
            keeper.step("bank")
            book.pay_the_vo(3600, 329)
        year.count(unpaid=unpaid)
