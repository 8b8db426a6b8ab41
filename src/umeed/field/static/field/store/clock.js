// Which day it is, where the phone's clock may be wrong. The server says its day at every contact; between two of them there is only the
// clock, and what a person says of it. What is kept of it: {ahead: by how many days it was ahead of the server at the last contact (behind:
// below nought), sure: the day that she has said is right}. Besides there are `now` and `at`, the moment of that contact (milliseconds, by
// the clock), and `told`, the day that the server said then.

import { addDays, daysBetween } from "../core/days.js";

const MIDNIGHT_MS = 15 * 60_000;
/** So many days without a contact nobody knows any more whether the clock is right: she is asked. */
export const LONG = 35;
export const NOTHING_KNOWN = { ahead: 0, sure: null };

/** The day that a moment has where the phone is. */
export function dayAt(ms) {
  const then = new Date(ms);
  const two = (number) => String(number).padStart(2, "0");
  return `${String(then.getFullYear()).padStart(4, "0")}-${two(then.getMonth() + 1)}-${two(then.getDate())}`;
}

/** What is kept after a contact. Around midnight both days are right. */
export function compared({ now, told }) {
  const days = [dayAt(now), dayAt(now - MIDNIGHT_MS)];
  return { ahead: days.includes(told) ? 0 : daysBetween(told, days[0]), sure: null };
}

/** Today: by the clock, less what it was ahead where it was not set back since; never before what was told. */
export function todayBy({ ahead }, { now, at, told }) {
  const day = ahead > 0 && now >= at ? addDays(dayAt(now), -ahead) : dayAt(now);
  return told && told > day ? told : day;
}

/** What is to be said of the clock: "wrong" (at the last contact), "back" (it was set back since), "long" (nobody knows any more); null. */
export function doubtOf({ ahead, sure }, { now, at, told }) {
  if (!told) return null;
  if (ahead !== 0) return "wrong";
  if (dayAt(now) < told || now < at - MIDNIGHT_MS) return "back";
  const known = sure && sure > told ? sure : told;
  return Math.abs(daysBetween(known, dayAt(now))) > LONG ? "long" : null;
}
