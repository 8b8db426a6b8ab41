// A command that waits, folded into a Book: the Book as if the server had accepted it already. The same again is
// known. What the Book knows to be impossible (it corrects what stands no more, it cannot be read) leaves it as it is:
// the server will say why.

import { foldCutOff } from "./foldCutOff.js";
import { foldClosing, foldTakingBack } from "./foldMeeting.js";
import { foldAdding, foldCorrecting } from "./foldWoman.js";

const FOLDS = {
  close_meeting: foldClosing, take_back_meeting: foldTakingBack, add_woman: foldAdding, correct_woman: foldCorrecting,
  write_cut_off: foldCutOff,
};

/** The Book with a command {id, kind, said, made_at, after, told} that is not answered yet. */
export function fold(book, command) {
  const work = FOLDS[command.kind];
  if (!work || isThere(book, command.id)) return book;
  const folded = work(book, command);
  return folded === null ? book : Object.freeze({ ...folded, folded: new Set([...book.folded, command.id]) });
}

/** The Book with many, in the order in which they were made. */
export const foldAll = (book, commands) => commands.reduce(fold, book);

const isThere = (book, id) => book.folded.has(id) || book.meetings.some((one) => one.id === id);
