/* Asks for the trace that a link names while the app itself is still on its way; `api/early.h5.ts` takes the answer. On a first
 * visit, when nothing of the app is kept yet, the verdict is drawn at once, over the page that comes; the trace page takes it away. */
(() => {
  const given = /[?&](code|q)=([^&#]+)/.exec(location.search + location.hash)
  const code = given && /(?:^|\/t\/)([0-9A-Za-z]{12})$/.exec(decodeURIComponent(given[2]))
  if (!code) return
  const path = `/t/${code[1].toUpperCase()}`
  const answer = fetch(path, { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout?.(20_000) })
    .then(async (told) => ({ statusCode: told.status, data: await told.json() }))
  const place = window.longtraceEarly = { path, answer }
  const first = given[1] === 'code' && !navigator.serviceWorker?.controller && /^(#\/?|#\/pages\/(home|trace)\/.*)?$/.test(location.hash)
  answer.then(({ statusCode, data }) => { if (first && statusCode === 200 && !place.taken) draw(data) }).catch(() => undefined)

  /** The top of `pages/trace`, in its own words; all of it is text, none of it markup. */
  function draw(story) {
    const sign = { valid: '✓', held: '‖', void: '✕', recalled: '!' }[story.state] ?? '?'
    const line = (kind, cls, ...parts) => {
      const made = document.createElement(kind)
      made.className = cls
      made.append(...parts)
      return made
    }
    const drawn = line('span', 'sign', sign)
    drawn.setAttribute('aria-hidden', 'true')
    const { name, variety } = story.product
    const verdict = line('section', `verdict ${story.state}`, line('h2', '', drawn, story.state_label.zh), line('p', 'lead', `${name.value} ${variety?.value ?? ''}`), line('p', '', story.producer.name.value), line('p', '', story.place.text.value))
    const cover = line('div', 'page early', line('div', 'bar', line('h1', '', '追溯结果')), line('div', 'main', verdict))
    cover.lang = 'zh-CN'
    const put = () => { if (!place.taken && !document.querySelector('.page')) document.body.append(place.cover = cover) } // never over a page that is there
    if (document.body) put()
    else document.addEventListener('DOMContentLoaded', put)
  }
})()
