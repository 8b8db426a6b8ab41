"""Pure words shared by every room: refusals, ids, periods, money, shares, dates, names, identity. No Django here."""
