/* Asks for the trace that a link names while the app itself is still on its way; `api/early.h5.ts` takes the answer. The verdict is
 * drawn at once, in the language and size the person chose, over the page that comes; the trace page takes it away. A link with a code
 * opens that page and not first the home page, which would only lead there. */
(() => {
  const asked = /[?&](code|q)=([^&#]+)/
  const given = asked.exec(location.hash) ?? asked.exec(location.search)
  const code = given && /(?:^|\/t\/)([0-9A-Za-z]{12})$/.exec(decodeURIComponent(given[2]))
  if (!code) return
  if (given[1] === 'code' && /^(#\/?|#\/pages\/home\/.*)?$/.test(location.hash)) history.replaceState(null, '', `${location.pathname}#/pages/trace/index?code=${code[1]}`)
  const path = `/t/${code[1].toUpperCase()}`
  const answer = fetch(path, { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout?.(20_000) })
    .then(async (told) => ({ statusCode: told.status, data: await told.json() }))
  const place = window.longtraceEarly = { path, answer }
  if (location.hash.startsWith('#/pages/trace/')) {
    Promise.all([answer, settings().catch(() => undefined)])
      .then(([{ statusCode, data }, chosen]) => { if (statusCode === 200 && !place.taken) draw(data, chosen ?? { care: false, scale: 1, lang: 'zh' }) })
      .catch(() => undefined) // the app asks again and says what is wrong
  }

  /** What the app keeps as `settings`; undefined when nothing is kept yet, and then nothing is made. */
  function settings() {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open('longtrace')
      opening.onupgradeneeded = () => opening.transaction.abort()
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {
        const read = opening.result.transaction('values').objectStore('values').get('settings')
        read.onsuccess = () => resolve(read.result)
        read.onerror = () => reject(read.error)
        opening.result.close() // once this is read
      }
    })
  }

  /** The top of `pages/trace`, in its own words; all of it is text, none of it markup. */
  function draw(story, { care, scale, lang }) {
    const sign = { valid: '✓', part_recalled: '½', held: '‖', void: '✕', recalled: '!' }[story.state] ?? '?'
    const line = (kind, cls, ...parts) => {
      const made = document.createElement(kind)
      made.className = cls
      made.append(...parts)
      return made
    }
    const drawn = line('span', 'sign', sign)
    drawn.setAttribute('aria-hidden', 'true')
    const { name, variety } = story.product
    const lead = line('p', 'lead', `${name.value} ${variety?.value ?? ''}`)
    const who = line('p', '', story.producer.name.value)
    lead.lang = who.lang = 'zh-CN'
    const where = lang === 'en' ? story.place.text_en : story.place.text.value
    const verdict = line('section', `verdict ${story.state}`, line('h2', '', drawn, story.state_label[lang]), lead, who, line('p', '', where))
    const cover = line('div', care ? 'page care early' : 'page early', line('div', 'bar', line('h1', '', { zh: '追溯结果', en: 'Trace' }[lang])), line('div', 'main', verdict))
    cover.lang = lang === 'en' ? 'en' : 'zh-CN'
    // As `factor` in state/settings.ts, whose module comes with the app and later.
    const system = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16
    cover.style.setProperty('--f', String(Math.min(Math.max((care ? 1.25 : 1) * scale * system, 1), 2)))
    const put = () => { if (!place.taken) document.body.append(place.cover = cover) }
    if (document.body) put()
    else document.addEventListener('DOMContentLoaded', put)
  }
})()
