// The steps of a meeting by name and picture.

import { t } from "../core/words.js";

const PICTURES = {
  attendance: "people", savings: "save", repayments: "repay", receipts: "coin", loans: "queue", payments: "pay", bank: "bank", agenda: "talk",
  more: "add", count: "notes", close: "check",
};

export const pictureOf = (step) => PICTURES[step];

const TITLES = {
  attendance: () => t("Who came"), savings: () => t("Savings"), repayments: () => t("Repayments"), receipts: () => t("Fines and other receipts"), loans: () => t("Loans"),
  payments: () => t("Other payments"), bank: () => t("Bank, VO and CLF"), agenda: () => t("What was decided"), more: () => t("Anything else?"),
  count: () => t("Count the cash"), close: () => t("Read out and close"),
};

export const titleOf = (step) => TITLES[step]?.();
