// A photo of the signed page of a meeting, shrunk on the phone: it travels after the sheets, when there is a network.

import { hexOf, sha256 } from "../core/bytes.js";
import { uuid7 } from "../core/ids.js";
import { t } from "../core/words.js";
import * as books from "./books.js";
import { send } from "./commands.js";
import { button, h, notice, select } from "./parts.js";
import { day } from "./shown.js";

const MOST_BYTES = 150 * 1024;
const SIZES = [1600, 1280, 1024, 800];
const QUALITIES = [0.8, 0.65, 0.5, 0.35];

export async function open(app, { group, meeting, mends = null }) {
  const shown = await books.bookOf(group);
  const every = books.held(shown.book).filter((one) => one.id && one.kind !== "missed");
  const named = every.find((one) => one.id === meeting);
  const held = [...new Set([...every.slice(0, 12), ...(named ? [named] : [])])];
  return { group, shown, held, mends, meeting: (named ?? held[0])?.id || "", picture: null };
}

export function view(app, state) {
  const { shown, held, picture } = state;
  return {
    title: t("Photo of a signed page"), sub: h("bdi", null, shown.name),
    body: h("div", { class: "stack" }, held.length ? [
      select("which", t("Of which meeting"), held.map((one) => [one.id, t("Meeting %(number)s · %(day)s", { number: one.number, day: day(one.on) })]), state.meeting, (meeting) => {
        state.meeting = meeting;
        app.redraw();
      }),
      h("label", { class: picture ? "button quiet wide" : "button big wide" }, picture ? t("Take another photo") : t("Take a photo"), h("input", { type: "file", class: "sr", accept: "image/*", capture: "environment", onchange: app.once((event) => took(app, state, event)) })),
      h("canvas", { class: "photo", hidden: !picture, "aria-label": t("The photo"), role: "img", ref: (node) => { state.canvas = node; } }),
      picture && h("p", { class: "soft" }, t("%(size)s KB", { size: Math.ceil(picture.bytes.length / 1024) })),
      picture && button(t("Attach it to the meeting"), app.once(() => attach(app, state)), { kind: "big wide", pic: "check" }),
    ] : notice("info", t("No meeting stands in the book yet"))),
  };
}

async function took(app, state, event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  try {
    state.picture = await shrunk(file);
  } catch (error) {
    console.warn(error);
    app.tell(t("This is no picture that the phone can read."), "refuse");
    return;
  }
  const { canvas } = state;
  const { image } = state.picture;
  Object.assign(canvas, { width: image.width, height: image.height });
  canvas.getContext("2d").drawImage(image, 0, 0);
  app.redraw();
}

/** {bytes, width, height, image} of a JPEG of at most 150 KB: smaller in size first, then in quality. */
export async function shrunk(file) {
  const whole = await createImageBitmap(file);
  for (const size of SIZES) {
    const scale = Math.min(1, size / Math.max(whole.width, whole.height));
    const canvas = new OffscreenCanvas(Math.round(whole.width * scale), Math.round(whole.height * scale));
    canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
      if (blob.size <= MOST_BYTES) return { bytes: new Uint8Array(await blob.arrayBuffer()), width: canvas.width, height: canvas.height, image: canvas.transferToImageBitmap() };
    }
  }
  throw new RangeError("too large");
}

async function attach(app, state) {
  const { bytes, width, height } = state.picture;
  const id = state.mends ?? uuid7();
  const said = { meeting: state.meeting, sha256: hexOf(await sha256(bytes)), width, height };
  const beside = [["put", "pages", id, bytes]];
  if (state.mends) {
    await app.session.outbox.mend(id, said, beside);
    app.session.rhythm.now();
  } else await send(app, { id, kind: "attach_page", group: state.group, said }, beside);
  app.done(t("The photo is kept, and sent when there is a network."));
}
