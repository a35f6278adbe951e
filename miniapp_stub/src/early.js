/* Asks for the trace that a link names while the app itself is still on its way; `api/early.h5.ts` takes the answer. */
(() => {
  const given = /[?&](?:code|q)=([^&#]+)/.exec(location.search + location.hash)
  const code = given && /(?:^|\/t\/)([0-9A-Za-z]{12})$/.exec(decodeURIComponent(given[1]))
  if (!code) return
  const path = `/t/${code[1].toUpperCase()}`
  const answer = fetch(path, { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout?.(20_000) })
    .then(async (told) => ({ statusCode: told.status, data: await told.json() }))
  answer.catch(() => undefined)
  window.longtraceEarly = { path, answer }
})()
