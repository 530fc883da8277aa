/* Keeps the emergency page for the time without a network, and nothing else of the site.
   The server writes KEPT above: { version, pages, files } (wpiforum/offline.py). */
"use strict";

const PREFIX = "offline-";
const CACHE = PREFIX + KEPT.version;
/* A network that answers nothing is no network: after this long the kept page is shown. */
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    /* Pages past the browser's own cache: it may hold the one before the change. */
    const pages = KEPT.pages.map((path) => new Request(path, { cache: "reload" }));
    await cache.addAll([...pages, ...KEPT.files]);
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

/* From the network; where it fails, is slow or the server is broken, the kept copy. */
async function freshOrKept(event, path) {
  const cache = await caches.open(CACHE);
  const answer = fetch(event.request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const fresh = await Promise.race([answer.catch(() => undefined), late]);
  if (fresh && fresh.status < 500) {
    const isWhole = fresh.status === 200 && new URL(event.request.url).search === "";
    if (isWhole && KEPT.pages.includes(path)) event.waitUntil(cache.put(path, fresh.clone()));
    return fresh;
  }
  return (await cache.match(path)) || answer;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  /* Everything else goes to the network as if there were no worker. */
  if (KEPT.pages.includes(url.pathname) || KEPT.files.includes(url.pathname)) {
    event.respondWith(freshOrKept(event, url.pathname));
  }
});
