// What waits to be sent is said otherwise while it waits.

/** Waits until no answer to what was sent is due. */
async function quiet(sync) {
  while (sync.sending) {
    await new Promise((heard) => {
      const stop = sync.listen(() => {
        stop();
        heard();
      });
    });
  }
}

/** Says a command otherwise, under its id. Where the server has the words before by now, `correct(them)` says what differs as a command
    of its own. */
export async function sayAgain(app, id, said, correct) {
  const { outbox, sync } = app.session;
  await quiet(sync);
  const before = outbox.get(id);
  if (before.state === "accepted") return correct(before.said);
  await outbox.mend(id, said);
  await quiet(sync); // it may have begun to speak while this was written
  const { state, told } = outbox.get(id);
  return state === "accepted" && told.try ? correct(before.said) : null;
}
