/* The app starts without signal: its own files are kept; what the server says is not, the app keeps that itself. */
const VERSION = '__VERSION__'
const FILES = __FILES__

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()))
})
self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()))
})
self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== self.location.origin || !pathname.startsWith('/app/')) return
  const wanted = pathname === '/app/' ? '/app/' : event.request
  event.respondWith(caches.match(wanted).then((found) => found ?? fetch(event.request)))
})
