/* Sent when OFFLINE_PAGES is off: removes what an earlier worker kept, then itself. */
"use strict";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("offline-")) await caches.delete(name);
    }
    await self.registration.unregister();
  })());
});
