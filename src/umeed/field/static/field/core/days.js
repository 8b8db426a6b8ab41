// Days as ISO text, 'YYYY-MM-DD', from year 1 to 9999: they compare and sort as text. No clock and no time zone.

const LENGTH = 86_400_000;
const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The last day there is. */
export const LAST_DAY = "9999-12-31";

/** [year, month 1 to 12, day] of a day. */
export const partsOf = (day) => [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))];

/** The day of a year, month 1 to 12 and day; it is not asked whether it exists. */
export const dayOf = (year, month, day) =>
  `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;

/** How many days a month has. */
export function daysInMonth(year, month) {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Whether a text is a day that exists, written as days are here. */
export function isDay(text) {
  const found = typeof text === "string" && SHAPE.exec(text);
  if (!found) return false;
  const [year, month, day] = partsOf(text);
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

const number = (day) => {
  const [year, month, date] = partsOf(day);
  return Date.UTC(year, month - 1, date) / LENGTH;
};

/** The day so many days later, or earlier. */
export function addDays(day, days) {
  const text = new Date((number(day) + days) * LENGTH).toISOString();
  if (text.length !== 24) throw new RangeError(`no day lies ${days} days after ${day}`);
  return text.slice(0, 10);
}

/** How many days lie from one to another: 0 when they are the same, below nought when the other is earlier. */
export const daysBetween = (from, until) => number(until) - number(from);

/** 0 on a Monday to 6 on a Sunday. */
export const weekday = (day) => (((number(day) + 3) % 7) + 7) % 7;

/** '2026-04', the month of a day. */
export const monthOf = (day) => day.slice(0, 7);

/** The first day of the month of a day. */
export const firstOfMonth = (day) => `${day.slice(0, 7)}-01`;

/** For sort: texts, days among them, in their order. */
export const inOrder = (one, two) => (one < two ? -1 : one > two ? 1 : 0);

/** For sort: what has a day `on`, the earliest first. */
export const byDay = (one, two) => inOrder(one.on, two.on);

/** The earliest of days, and the latest; null of none, and those that are null are no days. */
export const earliest = (days) => [...days].reduce((one, day) => (day && (!one || day < one) ? day : one), null);
export const latest = (days) => [...days].reduce((one, day) => (day && (!one || day > one) ? day : one), null);
