// The fixed chart of heads: what a line of a book is about. The same as books/heads.py, number by number.

import { N_ } from "../core/words.js";

const ALL = ["shg", "vo", "clf"];
const GROUPS = ["shg"];
const FEDERATIONS = ["vo", "clf"];
const BELOW_CLF = ["shg", "vo"];

/** `about` is what a line under it must name besides its book: a woman, a loan, another body. `growsBy` is +1 where it
 *  grows by debits, −1 where by credits: a balance times it is as people say it. */
function headsOf(side, ...rows) {
  const growsBy = side === "asset" || side === "expense" ? 1 : -1;
  return rows.map(([number, key, title, about, levels = ALL]) =>
    Object.freeze({ number, key, title, side, about: about ? about.split(" ") : [], levels, growsBy }));
}

export const CHART = Object.freeze([
  ...headsOf(
    "asset",
    [101, "cash", N_("Cash in hand"), ""],
    [102, "bank", N_("Cash at bank"), ""],
    [103, "fixed_deposit", N_("Fixed deposit"), ""],
    [104, "saving_with_vo", N_("Saving with the VO"), "body", GROUPS],
    [105, "saving_with_clf", N_("Saving with the CLF"), "body", BELOW_CLF],
    [106, "share_with_vo", N_("Share capital with the VO"), "body", GROUPS],
    [107, "share_with_clf", N_("Share capital with the CLF"), "body", BELOW_CLF],
    [108, "insurance_policy", N_("Insurance policy"), ""],
    [111, "loan_to_member", N_("Loans to members"), "woman loan"],
    [112, "loan_to_body", N_("Loans to groups and VOs"), "body loan", FEDERATIONS],
    [119, "on_the_way", N_("Money on the way"), "body"],
  ),
  ...headsOf(
    "liability",
    [201, "saving_compulsory", N_("Compulsory saving"), "woman", GROUPS],
    [202, "saving_food", N_("Food security saving"), "woman", GROUPS],
    [203, "saving_health", N_("Health saving"), "woman", GROUPS],
    [204, "saving_optional", N_("Optional saving"), "woman", GROUPS],
    [211, "loan_from_bank", N_("Loan from a bank"), "loan"],
    [212, "loan_from_vo", N_("Loan from the VO"), "loan", GROUPS],
    [213, "loan_from_clf", N_("Loan from the CLF"), "loan", BELOW_CLF],
    [219, "loan_from_other", N_("Loan from others"), "loan"],
    [221, "saving_of_body", N_("Savings of groups and VOs"), "body", FEDERATIONS],
    [222, "share_of_body", N_("Share capital of groups and VOs"), "body", FEDERATIONS],
  ),
  ...headsOf(
    "fund",
    [301, "revolving_fund", N_("Revolving fund"), ""],
    [302, "cif", N_("Community investment fund"), ""],
    [303, "vrf", N_("Vulnerability reduction fund"), ""],
    [304, "startup", N_("Start-up grant"), ""],
    [305, "other_grant", N_("Other grant"), ""],
    [309, "surplus_before", N_("Surplus before the books began"), ""],
  ),
  ...headsOf(
    "income",
    [401, "interest_from_members", N_("Interest from members"), "woman loan"],
    [402, "interest_from_bank", N_("Interest earned"), ""],
    [403, "interest_subvention", N_("Interest subvention"), ""],
    [404, "interest_from_bodies", N_("Interest from groups and VOs"), "body loan", FEDERATIONS],
    [411, "fine", N_("Fine"), "woman"],
    [412, "penalty", N_("Penalty from a member"), "woman loan"],
    [413, "fee_of_body", N_("Fees from groups and VOs"), "body", FEDERATIONS],
    [421, "resource_fee", N_("Resource fee"), ""],
    [422, "service_cost", N_("Service cost"), ""],
    [423, "award", N_("Award"), ""],
    [429, "other_receipt", N_("Other receipt"), ""],
    [491, "cash_over", N_("Cash found over"), ""],
  ),
  ...headsOf(
    "expense",
    [501, "rent", N_("Rent"), ""],
    [502, "meeting_cost", N_("Cost of meetings"), ""],
    [511, "fee_to_member", N_("Resource fee to a member"), "woman"],
    [512, "fee_to_cadre", N_("Fee to community cadre"), ""],
    [513, "fee_to_bookkeeper", N_("Fee to the bookkeeper"), ""],
    [514, "travel", N_("Travel and daily allowance"), ""],
    [515, "fee_to_body", N_("Fees to the VO or CLF"), "body"],
    [521, "premium", N_("Premium of an existing policy"), ""],
    [522, "premium_new", N_("Premium of a new insurance"), ""],
    [531, "vrf_to_member", N_("Vulnerability reduction fund to a member"), "woman"],
    [541, "bank_charge", N_("Bank charge"), ""],
    [542, "interest_to_bank", N_("Interest on a bank loan"), "loan"],
    [543, "interest_to_body", N_("Interest to the VO or CLF"), "loan"],
    [544, "interest_to_other", N_("Interest to others"), "loan"],
    [545, "interest_to_member", N_("Interest on savings"), "woman", GROUPS],
    [551, "share_out", N_("Shared out to members"), "woman", GROUPS],
    [561, "written_off", N_("Loan written off"), "loan"],
    [569, "other_payment", N_("Other payment"), ""],
    [591, "cash_short", N_("Cash found short"), ""],
  ),
]);
export const BY_KEY = Object.freeze(Object.fromEntries(CHART.map((head) => [head.key, head])));
export const BY_NUMBER = Object.freeze(Object.fromEntries(CHART.map((head) => [head.number, head])));
export const SAVINGS = CHART.filter((head) => head.key.startsWith("saving_") && head.about.includes("woman"));

/** Heads of which a line names a woman. */
export const ABOUT_WOMAN = new Set(CHART.filter((head) => head.about.includes("woman")).map((head) => head.key));
