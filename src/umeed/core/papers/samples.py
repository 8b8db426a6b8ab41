"""Invented papers for the styleguide and the tests, in the words of each language: a cash book, a passbook page."""

from __future__ import annotations

import datetime as dt

from umeed.core.papers.shapes import Column, Fact, FormName, Paper, Row, Sides, Table

DAY = dt.date(2026, 4, 6)
WORDS = {
    "en": {
        "group": "Noor SHG", "woman": "Zoona Begum", "where": "Nowgam · Dangiwacha · Baramulla", "cash": "Cash book",
        "pass": "Passbook", "in": "Receipts", "out": "Payments", "day": "Day", "for": "Particulars", "sum": "Amount",
        "cashcol": "Cash", "bank": "Bank", "saving": "Savings of 12 members", "loan": "Loan to Zoona Begum",
        "back": "Loan repaid: Hajra Bano, with interest", "opening": "Brought forward", "closing": "Carried forward",
        "total": "Total", "unit": "Amounts in rupees · 12 of 12 members", "members": "Members", "formed": "Formed on",
        "balance": "Balance", "saved": "Savings", "lent": "Loan given", "repaid": "Repaid", "interest": "Interest",
        "rate": "Rate a year", "president": "President", "secretary": "Secretary", "keeper": "Bookkeeper",
        "month": "April 2026", "note": "The books were read aloud in the meeting and found right.",
    },
    "hi": {
        "group": "नूर समूह", "woman": "ज़ूना बेगम", "where": "नौगाम · डांगीवाचा · बारामूला", "cash": "रोकड़ बही",
        "pass": "पासबुक", "in": "प्राप्तियाँ", "out": "भुगतान", "day": "दिन", "for": "विवरण", "sum": "राशि",
        "cashcol": "नकद", "bank": "बैंक", "saving": "12 सदस्यों की बचत", "loan": "ज़ूना बेगम को ऋण",
        "back": "ऋण वापसी: हाजरा बानो, ब्याज सहित", "opening": "पिछला शेष", "closing": "अगला शेष",
        "total": "कुल", "unit": "राशि रुपयों में · 12 में से 12 सदस्य", "members": "सदस्य", "formed": "गठन",
        "balance": "शेष", "saved": "बचत", "lent": "दिया गया ऋण", "repaid": "वापसी", "interest": "ब्याज",
        "rate": "वार्षिक दर", "president": "अध्यक्ष", "secretary": "सचिव", "keeper": "लेखापाल",
        "month": "अप्रैल 2026", "note": "बैठक में बहियाँ पढ़कर सुनाई गईं और सही पाई गईं।",
    },
    "ur": {
        "group": "نور گروپ", "woman": "زونہ بیگم", "where": "نوگام · ڈنگی وچھہ · بارہمولہ", "cash": "کیش بک",
        "pass": "پاس بک", "in": "وصولیاں", "out": "ادائیگیاں", "day": "دن", "for": "تفصیل", "sum": "رقم",
        "cashcol": "نقد", "bank": "بینک", "saving": "12 ارکان کی بچت", "loan": "زونہ بیگم کو قرض",
        "back": "قرض کی واپسی: ہاجرہ بانو، سود کے ساتھ", "opening": "پچھلا بقایا", "closing": "اگلا بقایا",
        "total": "کل", "unit": "رقم روپے میں · 12 میں سے 12 ارکان", "members": "ارکان", "formed": "تشکیل",
        "balance": "بقایا", "saved": "بچت", "lent": "دیا گیا قرض", "repaid": "واپسی", "interest": "سود",
        "rate": "سالانہ شرح", "president": "صدر", "secretary": "سیکرٹری", "keeper": "کھاتہ نویس",
        "month": "اپریل 2026", "note": "میٹنگ میں کھاتے پڑھ کر سنائے گئے اور درست پائے گئے۔",
    },
}  # fmt: skip


def cash_book(language: str = "en", weeks: int = 8) -> Paper:
    """Two sides, unequally long, with what is brought and carried forward."""
    w = WORDS[language]
    columns = [Column(w["day"], "day"), Column(w["for"]), Column(w["cashcol"], "paise"), Column(w["bank"], "paise")]
    came = [Row((w["opening"], None, 4_21_750, 86_40_000), "opening")]
    went = []
    for n in range(weeks):
        came.append(Row((DAY + dt.timedelta(weeks=n), w["saving"], 1_200_00, None), href="#receipt"))
        if n % 2 == 0:
            came.append(Row((DAY + dt.timedelta(weeks=n), w["back"], 5_650_50, None), href="#receipt"))
            went.append(Row((DAY + dt.timedelta(weeks=n), w["loan"], 10_000_00, 1_25_000_00), href="#payment"))
    came.append(Row((w["total"], None, 12_34_567_50, 86_40_000), "total"))
    went.append(Row((w["closing"], None, 34_567_50, -50_00), "closing"))
    went.append(Row((w["total"], None, 12_34_567_50, 86_40_000), "total"))
    return Paper(
        title=w["cash"], of=w["group"], where=w["where"], as_of=dt.date(2026, 4, 30), period=w["month"], unit=w["unit"],
        facts=[(w["members"], "12"), (w["formed"], dt.date(2019, 11, 25)), Fact(w["balance"], 34_567_50, "paise")],
        tables=[Sides(Table(w["in"], columns, came), Table(w["out"], columns, went))],
        notes=[w["note"]], signatures=[w["president"], w["secretary"], w["keeper"]],
        confirm_url="https://umeed.example.org/papers/0192f6a8-1c2d-7bbb-8ccc-0123456789ab", form="a4_landscape",
        spoken=f"{w['cash']}, {w['group']}. {w['note']}",
    )  # fmt: skip


def passbook(language: str = "en", months: int = 30, form: FormName = "register") -> Paper:
    """A woman's page: savings and her loan, line by line with what remains."""
    w = WORDS[language]
    columns = [
        Column(w["day"], "day"), Column(w["saved"], "paise"), Column(w["lent"], "paise"), Column(w["repaid"], "paise"),
        Column(w["interest"], "paise"), Column(w["balance"], "paise"),
    ]  # fmt: skip
    rows = [Row((w["opening"], 2_400_00, None, None, None, 0), "opening")]
    for n in range(months):
        lent = 10_000_00 if n == 2 else None
        rows.append(Row((DAY + dt.timedelta(days=30 * n), 100_00, lent, 850_00 if n > 2 else None, 200_50, 9_150_00)))
    rows.append(Row((w["total"], 5_400_00, 10_000_00, 12_34_567_50, 5_413_50, 9_150_00), "total"))
    return Paper(
        title=w["pass"], of=w["woman"], where=f"{w['group']} · {w['where']}", as_of=dt.date(2026, 4, 30),
        unit=w["unit"], facts=[Fact(w["rate"], 2400, "rate"), Fact(w["balance"], 9_150_00, "paise")],
        tables=[Table("", columns, rows, note=w["note"])], signatures=[w["president"], w["keeper"]],
        confirm_url="https://umeed.example.org/papers/0192f6a8-1c2d-7bbb-8ccc-0123456789ab", form=form,
        spoken=f"{w['pass']}, {w['woman']}.",
    )  # fmt: skip
