/** A visit on the spot: what was found, photos, where one stands, a name on glass. Kept on the phone, sent with signal. */
import { useRef, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import type { Item } from '@/outbox/rules'
import { desk, found, visit, type VisitDraft } from '@/services/officer'
import { flush, theOutbox } from '@/services/outbox'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field, Signature } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { goBack } from '@/ui/leaving'
import { Photos } from '@/ui/photos'
import { useReading } from '@/ui/reading'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { position, type Where } from '@/ui/platform'
import { label, visitOutcomes } from '@/vocab'
import { useWords } from '@/words'

const MOST_PHOTOS = 9

function first(item: Item | undefined): VisitDraft {
  const where = item?.body.position as Omit<Where & { kind: 'here' }, 'kind'> | null | undefined
  return { outcome: String(item?.body.outcome ?? ''), findings: String(item?.body.findings ?? ''), photos: [], ...(where ? { where: { kind: 'here', ...where } } : {}) }
}

function VisitPage() {
  const { producer: given = '', item = '', declaration } = useRouter().params
  const correcting = theOutbox().list().find((one) => one.id === item)
  const producer = correcting?.producer ?? given
  const t = useWords()
  const { lang } = useStore(settings)
  const known = useReading(desk(), async () => undefined).value?.producers.find((one) => one.id === producer)
  const [draft, setDraft] = useState<VisitDraft>(() => ({ ...first(correcting), ...(declaration ? { declaration: decodeURIComponent(declaration) } : {}) }))
  const [problem, setProblem] = useState(correcting?.problem ? `${correcting.problem.message}${correcting.problem.hint ?? ''}` : '')
  const busy = useRef(false)
  const change = (some: Partial<VisitDraft>) => { setDraft((now) => ({ ...now, ...some })); setProblem('') }
  const save = async () => {
    if (busy.current) return
    if (!draft.outcome) return setProblem(t('missing', { what: t('outcome') }))
    busy.current = true
    const title = [t('visit'), known?.name, label(visitOutcomes, draft.outcome, lang)].filter(Boolean).join(' · ')
    try {
      if (correcting) await theOutbox().correct(correcting.id, { ...correcting.body, ...found(draft) }, title)
      else await visit(producer, draft, title)
      void flush(true)
      await Taro.showToast({ title: t('saved'), icon: 'none', duration: 2500 })
      await goBack(`/officer/producer/index?id=${producer}`)
    } catch {
      busy.current = false
      setProblem(t('storage_full'))
    }
  }
  return (
    <Page title={t('visit')}>
      <El as="section" cls="card" label={t('outcome')}>
        {known && <El as="p" cls="lead">{known.name}</El>}
        <El as="h2">{t('outcome')}</El>
        <Choices terms={visitOutcomes} value={draft.outcome} onPick={(outcome) => change({ outcome })} />
        <Field label={t('findings')} kind="long" value={draft.findings} onChange={(findings) => change({ findings: [...findings].slice(0, 1000).join('') })} max={1000} />
      </El>
      {!correcting && (
        <El as="section" cls="card" label={t('photos')}>
          <El as="h2">{t('photos')}</El>
          <Photos photos={draft.photos} most={MOST_PHOTOS} change={(photos) => change({ photos })} />
        </El>
      )}
      <Standing where={draft.where} change={(where) => change({ where })} />
      {!correcting && <Signing change={(signature) => change({ signature })} />}
      {problem && <El as="p" cls="card wrong" live>{problem}</El>}
      <Button cls="btn big" onTap={() => void save()}>{t('save')}</Button>
      <El as="p" cls="soft">{t('visit_for_good')}</El>
    </Page>
  )
}

function Standing({ where, change }: { where: Where | undefined; change: (where: Where) => void }) {
  const t = useWords()
  const [busy, setBusy] = useState(false)
  const look = async () => {
    setBusy(true)
    change(await position())
    setBusy(false)
  }
  const here = where?.kind === 'here'
  return (
    <El as="section" cls="card" label={t('standing')}>
      <El as="h2">{t('standing')}</El>
      {!where && <El as="p" cls="soft">{t('standing_hint')}</El>}
      {here && <El as="p" cls="good" live>{t('standing_known', { metres: Math.round(where.accuracy_m ?? 0) || '…' })}</El>}
      {where && !here && <El as="p" cls="hold" live>{t(where.kind === 'denied' ? 'standing_denied' : 'standing_unknown')}</El>}
      <Button cls="btn quiet" disabled={busy} onTap={() => void look()}>{t(busy ? 'standing_busy' : where ? 'standing_again' : 'standing_now')}</Button>
    </El>
  )
}

function Signing({ change }: { change: (signature: string | undefined) => void }) {
  const t = useWords()
  const [sheet, setSheet] = useState(0)
  const [signed, setSigned] = useState(false)
  const clear = () => { setSheet(sheet + 1); setSigned(false); change(undefined) }
  return (
    <El as="section" cls="card" label={t('signature')}>
      <El as="h2">{t('signature')}</El>
      <El as="p" cls="soft">{t('signature_hint')}</El>
      <Signature label={t('signature_here')} sheet={sheet} onChange={(path) => { setSigned(true); change(path) }} />
      {signed && <El as="p" cls="good" live>{t('signed')}</El>}
      {signed && <Button cls="btn quiet" onTap={clear}>{t('sign_again')}</Button>}
    </El>
  )
}

export default started(VisitPage)
