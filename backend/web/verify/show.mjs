// Puts the outcome of a check on the page; text goes in as text alone.

import { drawTree } from './tree.mjs'
import { minute, say, tell } from './words.mjs'

const BAD = ['altered', 'wrong_purpose', 'out_of_time', 'revoked_key', 'other_code']
const DAY_MS = 86_400_000
const SIGNS = { good: 'M5 13l5 5L20 7', unsure: 'M12 5v9m0 4v.5', bad: 'M6 6l12 12M18 6L6 18' }

function make(name, words = null, attributes = {}) {
  const made = document.createElement(name)
  if (words !== null) made.textContent = words
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}

/** The word of the headline, and how grave it is: good, unsure or bad. */
export function headline(outcome) {
  if (outcome.verdict !== 'good') return [outcome.verdict, BAD.includes(outcome.verdict) ? 'bad' : 'unsure']
  if (outcome.revocation === 'listed') return ['good_listed', 'bad']
  if (outcome.expired) return ['good_expired', 'unsure']
  if (outcome.revocation !== 'not_listed') return [`good_${outcome.revocation}`, 'unsure']
  if (outcome.older) return ['good_older', 'unsure']
  return outcome.stale ? ['good_stale', 'unsure'] : ['good_not_listed', 'good']
}

function values(outcome) {
  const { key, claims } = outcome
  return {
    who: claims?.sub,
    alg: key?.alg,
    kid: outcome.kid ?? key?.kid,
    until: claims && minute(claims.exp * 1000),
    issued: claims && minute(claims.iat * 1000),
    asOf: minute(outcome.revocationsAsOf),
    days: Math.floor(outcome.age / DAY_MS),
    keysAsOf: minute(outcome.keysAsOf),
    rate: outcome.rate < 1e-6 ? say('rare') : say('rate', { count: Math.round(1 / outcome.rate) }),
    revokedAt: key?.revoked_at && minute(Date.parse(key.revoked_at)),
    reason: key?.revoked_reason && say(key.revoked_reason),
  }
}

const verdict = (outcome) => banner(...headline(outcome), values(outcome))

function banner(word, grave, named, at = 0) {
  const [title, explained] = tell(word, named)
  const shown = make('section', null, { class: `verdict ${grave}` })
  const sign = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  sign.setAttribute('viewBox', '0 0 24 24')
  sign.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', SIGNS[grave])
  sign.append(path)
  const words = make('div')
  words.append(make('h2', title, at ? {} : { id: 'verdict', tabindex: '-1' }), make('p', explained))
  shown.append(sign, words)
  return shown
}

function rows(pairs) {
  const list = make('dl', null, { class: 'rows' })
  for (const [name, value] of pairs) {
    const row = make('div')
    row.append(make('dt', name), make('dd', value))
    list.append(row)
  }
  return list
}

function card(title, ...parts) {
  const made = make('section', null, { class: 'card' })
  if (title) made.append(make('h2', title))
  made.append(...parts)
  return made
}

function link(code, words) {
  const paragraph = make('p', null, { class: 'more' })
  paragraph.append(make('a', words, { href: `/t/${encodeURIComponent(code)}${document.documentElement.lang === 'en' ? '?lang=en' : ''}`, class: 'btn' }))
  return paragraph
}

const grouped = (code) => String(code).replace(/(.{4})(?=.)/g, '$1-')

function claimed({ claims, verdict: word, revocation }) {
  const told = [['who', claims.sub], ['what', claims.what], ['much', claims.much], ['when', minute(claims.iat * 1000)], ['until', minute(claims.exp * 1000)], ['code', grouped(claims.jti)]]
  const shown = card('', rows(told.map(([name, value]) => [say(name), String(value ?? '—')])))
  if (word === 'good') shown.append(make('p', say('compare'), { class: 'small soft' }), make('p', say('not_proven'), { class: 'small soft' }))
  shown.append(link(claims.jti, say(word === 'good' && revocation !== 'listed' ? 'trace' : 'asked')))
  return shown
}

function whole({ certificate, document: fits, verdict: word }) {
  if (!certificate) return card(say('whole'), make('p', say('whole_absent'), { class: 'soft' }))
  const shown = card(say('whole'), make('p', say(fits ? 'whole_fits' : 'whole_differs'), fits ? {} : { class: 'chip bad' }))
  if (!fits || word === 'altered') return shown
  const paper = make('div', null, { class: 'paper', lang: 'zh-CN' })
  paper.append(make('h3', String(certificate.title)), make('p', String(certificate.lead)))
  const promises = make('ul')
  promises.append(...certificate.commitments.map((one) => make('li', String(one))))
  const bases = make('ul', null, { class: 'boxes' })
  bases.append(...certificate.bases.map((one) => basis(one)))
  paper.append(promises, bases, rows(certificate.fields.map((one) => [String(one.label), String(one.value)])))
  shown.append(paper)
  return shown
}

/** A box with or without its tick, drawn: as a letter it may come out a coloured picture. */
function basis(one) {
  const line = make('li')
  const [cls, heard] = one.checked ? ['box on', '已选'] : ['box', '未选']
  line.append(make('span', null, { class: cls, role: 'img', 'aria-label': heard }), String(one.zh))
  return line
}

function register({ inclusion, certificate, verdict: signed }) {
  if (signed === 'altered') return null
  if (!inclusion) return certificate ? card(say('in_register'), make('p', say('register_none'), { class: 'soft' })) : null
  const { verdict: word, steps, head } = inclusion
  const numbers = { index: (inclusion.index ?? 0) + 1, size: inclusion.size }
  const doubtful = word !== 'good' && word !== 'not_linked'
  const shown = card(say('in_register'), make('p', say(`register_${word}`, numbers), doubtful ? { class: 'warn' } : {}))
  if (!steps || doubtful && word !== 'unsupported') return shown
  if (inclusion.migrated) shown.append(make('p', say('migrated'), { class: 'mark' }))
  shown.append(make('p', say('tree'), { class: 'small soft' }), drawTree(steps))
  const by = word === 'good' ? [[say('by'), say('by_head', { at: minute(head.at) })]] : []
  if (head) shown.append(rows([...by, [say('checkpoint'), `${head.origin} · ${head.size}`], [say('key'), head.key?.kid ?? '—']]))
  return shown
}

function how(outcome) {
  const { key } = outcome
  const list = outcome.revocationsAsOf ? say('listed_count', { asOf: minute(outcome.revocationsAsOf), count: outcome.revocationsCount }) : say('none')
  const told = [
    [say('key'), key ? `${key.kid} · ${key.alg}` : outcome.kid ?? '—'],
    [say('key_state'), key ? say(key.state) : '—'],
    [say('key_list'), minute(outcome.keysAsOf)],
    [say('revoked_list'), list],
  ]
  const details = make('details')
  details.append(make('summary', say('details')), rows(told))
  return card('', details)
}

const RECORD_GRAVE = { good: 'good', hidden: 'unsure', unsealed: 'unsure', altered: 'bad', misplaced: 'bad' }

/** Cards of records of the register, each with its own verdict, what is bound of it, and its way to the root. */
export function shownRecords(records) {
  return records.flatMap(({ verdict: word, body, place }, at) => {
    const about = word === 'good' ? card('', rows([[say('kind'), String(body.kind)]]), make('pre', JSON.stringify(body.said ?? body, null, 1))) : null
    const head = banner(`record_${word}`, RECORD_GRAVE[word], { by: minute(place?.head?.at) }, at)
    return [head, about, place ? register({ inclusion: place }) : null].filter(Boolean)
  })
}

/** The cards of an outcome, the verdict first. */
export function shown(outcome) {
  if (!outcome.claims) return [verdict(outcome)]
  if (outcome.verdict === 'other_code') return [verdict(outcome), how(outcome)]
  const trusted = !['altered', 'wrong_purpose'].includes(outcome.verdict)
  const cards = [verdict(outcome), trusted ? claimed(outcome) : null, whole(outcome), register(outcome), how(outcome)]
  return cards.filter(Boolean)
}
