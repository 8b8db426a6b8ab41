// The first script of the page. On a phone that has nothing of the app yet it lets the worker fetch all of it in one piece and
// then begins with what is kept: a hundred files one after the other are a minute on a slow network. Everywhere else it
// begins at once.

const settled = (worker) => new Promise((resolve) => {
  const look = () => (["activated", "redundant"].includes(worker.state) ? resolve() : null);
  worker.addEventListener("statechange", look);
  look();
});

// The worker takes the page over when it is ready; until then what the page asks for would go over the network.
const taken = () => new Promise((resolve) => {
  if (navigator.serviceWorker.controller) resolve();
  else navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
});

async function kept() {
  const workers = navigator.serviceWorker;
  if (!workers || workers.controller) return;
  const found = await workers.register("/field/sw.js", { scope: "/field/", updateViaCache: "none" });
  const coming = found?.active ? null : found?.installing ?? found?.waiting;
  if (!coming) return;
  await settled(coming);
  if (coming.state === "activated") await taken();
}

kept().catch(() => {}).then(() => import("./app.js"));
