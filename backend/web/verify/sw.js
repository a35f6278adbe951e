/* The check page without a network: the page in both languages and its files are kept; what is checked never passes here. */
const VERSION = 'longtrace-verify-__VERSION__'
const FILES = __FILES__

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()))
})
self.addEventListener('activate', (event) => {
  const old = (name) => name.startsWith('longtrace-verify-') && name !== VERSION && name !== 'longtrace-verify-lists'
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()))
})
self.addEventListener('fetch', (event) => {
  const { pathname, searchParams, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== self.location.origin) return
  const page = pathname === '/verify'
  const file = searchParams.get('lang') ? `/verify?lang=${searchParams.get('lang')}` : '/verify'
  const wanted = page ? file : pathname
  if (!FILES.includes(wanted)) return
  const kept = () => caches.match(wanted, { ignoreVary: true }).then((found) => found ?? Response.error())
  const known = page ? fetch(event.request).catch(kept) : caches.match(wanted, { ignoreVary: true }).then((found) => found ?? fetch(event.request))
  event.respondWith(known)
})
