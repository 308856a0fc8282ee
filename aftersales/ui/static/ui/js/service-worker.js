// Without a connection: a page that says so, and forms with a one-time key are kept on the device instead of lost.
// The server writes in front of this: the constants SHELL (addresses of the offline page and what it needs), OFFLINE, and the import of kept.js.
const CACHE = `shell-${SHELL.join("|").length}-${SHELL.at(-1)}`;
const AWAY = new Set([502, 503, 504]);

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(SHELL))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

const shell = async (request) => (await caches.match(request, { ignoreVary: true })) ?? Response.error();

async function sent(request) {
  const copy = request.clone();
  try {
    const answer = await fetch(request);
    if (!AWAY.has(answer.status)) return answer;
  } catch {
    // no connection: below
  }
  const data = await copy.formData();
  if (data.has("_once")) await keep(request.url, data);
  return Response.redirect(OFFLINE, 303);
}

const isKept = (url) => url.pathname.startsWith("/orders/") && !url.pathname.endsWith("/scan/");

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && request.method === "POST" && isKept(url)) {
    event.respondWith(sent(request));
  } else if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch(() => shell(OFFLINE)));
  } else if (request.method === "GET" && SHELL.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => shell(request)));
  }
});
