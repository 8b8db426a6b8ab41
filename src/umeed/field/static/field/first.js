// The first script of the page, which every browser can read: nothing newer than 2009 is written here. One that is too old for the rest
// is told so in plain words. On a phone that has nothing of the app yet it lets the worker fetch all of it in one piece and then begins
// with what is kept: a hundred files one after the other are a minute on a slow network. Everywhere else it begins at once.

(function () {
  "use strict";

  // What the rest uses and browsers learned last: Chrome 103, Firefox 113, Safari 16.4 (README).
  function canRun() {
    return "noModule" in document.createElement("script") && "fetch" in window && "indexedDB" in window && "structuredClone" in window
      && "findLast" in Array.prototype && "AbortSignal" in window && "timeout" in window.AbortSignal && "CompressionStream" in window;
  }

  function begin() {
    var app = document.createElement("script");
    app.type = "module";
    app.src = "/static/field/app.js";
    document.head.appendChild(app);
  }

  function settled(worker) {
    return new Promise(function (resolve) {
      function look() {
        if (worker.state === "activated" || worker.state === "redundant") resolve();
      }
      worker.addEventListener("statechange", look);
      look();
    });
  }

  // The worker takes the page over when it is ready; until then what the page asks for would go over the network.
  function taken() {
    var workers = navigator.serviceWorker;
    return new Promise(function (resolve) {
      if (workers.controller) resolve();
      else workers.addEventListener("controllerchange", resolve, { once: true });
    });
  }

  function kept() {
    var workers = navigator.serviceWorker;
    if (!workers || workers.controller) return Promise.resolve();
    return workers.register("/field/sw.js", { scope: "/field/", updateViaCache: "none" }).then(function (found) {
      var coming = found && !found.active ? found.installing || found.waiting : null;
      if (!coming) return null;
      return settled(coming).then(function () {
        return coming.state === "activated" ? taken() : null;
      });
    });
  }

  if (canRun()) kept().then(begin, begin);
  else document.getElementById("old").hidden = false;
}());
