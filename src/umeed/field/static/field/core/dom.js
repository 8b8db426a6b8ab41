// What is on the screen is said anew at every change; only what differs is touched, so that focus, keyboard and scroll stay.

/** An element as plain data: h("button", {class: "button", onclick}, "Next"). Nothing, false and nested lists are allowed
    among `kids`. `key` tells one of a list from another; `ref` is called with the element once it is there. */
export function h(tag, props, ...kids) {
  return { tag, props: props || {}, key: props?.key, kids: kids.flat(Infinity).filter((one) => one != null && one !== false && one !== true && one !== "") };
}

/** A picture of icons.svg beside words, or, with `label`, in their place. */
export function icon(name, label) {
  const said = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return h("svg", { class: /^(next|back)$/.test(name) ? "icon turn" : "icon", ...said }, h("use", { href: `/static/field/icons.svg#${name}` }));
}

/** Does something as a piece of work of its own, as soon as the browser has nothing that comes first. */
export function later(work) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => work();
  port2.postMessage(null);
}

/** Lets the browser do what waits, a tap above all, before more is counted. */
export const breath = () => new Promise(later);

/** Focus and scroll make the browser lay out at once: they wait for the moment in which it does so anyway. */
export const beforePaint = (work) => requestAnimationFrame(work);

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = new Set(["svg", "use", "path"]);
const AS_PROPERTY = new Set(["value", "checked", "selected", "open", "disabled", "hidden", "indeterminate"]);

/** Makes the children of `root` be `kids`. */
export function render(root, kids) {
  patchKids(root, root.said || [], h("", null, kids).kids);
}

function patchKids(parent, before, after) {
  const keyed = new Map();
  const loose = [];
  for (const one of before) if (one.key !== undefined) keyed.set(one.key, one);
    else loose.push(one);
  parent.said = after.map((now) => (typeof now === "object" ? now : { text: String(now) }));
  const pairs = parent.said.map((now) => {
    const was = now.key !== undefined ? keyed.get(now.key) : loose.shift();
    if (was?.tag !== now.tag || !was) return null;
    keyed.delete(now.key);
    return was;
  });
  // What goes, goes first: when the focus goes with it, the browser lays out at once all that is there.
  const stays = new Set(pairs);
  for (const one of before) if (!stays.has(one)) one.node.remove();
  let here = parent.firstChild;
  parent.said.forEach((now, at) => {
    now.node = pairs[at] ? patch(pairs[at], now) : made(now);
    if (now.node === here) here = here.nextSibling;
    else parent.insertBefore(now.node, here);
  });
}

function made(one) {
  if (one.tag === undefined) return document.createTextNode(one.text);
  const node = SHAPES.has(one.tag) ? document.createElementNS(SVG, one.tag) : document.createElement(one.tag);
  patchKids(node, [], one.kids);
  for (const [name, value] of Object.entries(one.props)) set(node, name, value);
  if (one.props.ref) queueMicrotask(() => one.props.ref(node));
  return node;
}

function patch(was, now) {
  const node = was.node;
  if (now.tag === undefined) {
    if (was.text !== now.text) node.data = now.text;
    return node;
  }
  patchKids(node, node.said || [], now.kids);
  for (const name of Object.keys(was.props)) if (!(name in now.props)) set(node, name, undefined);
  if (now.props.ref && !was.props.ref) queueMicrotask(() => now.props.ref(node));
  // What a person typed or ticked since is on the element, not in what was said before.
  for (const [name, value] of Object.entries(now.props)) if (AS_PROPERTY.has(name) || was.props[name] !== value) set(node, name, value);
  return node;
}

function set(node, name, value) {
  if (name === "key" || name === "ref") return;
  if (name.startsWith("on")) node[name] = value || null;
  else if (AS_PROPERTY.has(name)) {
    const is = value ?? (name === "value" ? "" : false);
    if (node[name] !== is) node[name] = is;
  } else if (value === undefined || value === null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
}
