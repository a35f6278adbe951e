/** Labels out of a Bluetooth printer: size and number, the printer, a test label, and what became of it. */
import { useEffect, useRef, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import { tspl } from '@/services/certificates'
import { job, NoPrinter, press, reach, seek, supported, testPage, type Found, type Outcome, type Press, type Progress, type Trouble } from '@/services/printing'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { useWords } from '@/words'
import type { Key } from '@/words/dictionary'
import { labelSizes } from '../terms'

const TROUBLES: Record<Trouble, Key> = { unsupported: 'press_unsupported', off: 'press_off', denied: 'press_denied', none: 'press_none', unreachable: 'press_unreachable', not_a_printer: 'press_not_a_printer' }

function PressPage() {
  const t = useWords()
  return <Page title={t('press')}>{supported() ? <Printing /> : <Unsupported />}</Page>
}

/** A browser that reaches no printer leads to what it can do. */
function Unsupported() {
  const t = useWords()
  const { id = '' } = useRouter().params
  return (
    <El as="section" cls="card">
      <El as="p" live>{t('press_unsupported')}</El>
      <Button onTap={() => void Taro.redirectTo({ url: `/farmer/certificate/index?id=${id}` })}>{t('press_to_pdf')}</Button>
    </El>
  )
}

function Printing() {
  const t = useWords()
  const { lang } = useStore(settings)
  const id = decodeURIComponent(useRouter().params.id ?? '')
  const [size, setSize] = useState('40x30')
  const [copies, setCopies] = useState('10')
  const printer = usePrinter()
  const work = useJob(printer)
  const number = /^\d{1,3}$/.test(copies) ? Number(copies) : 0
  const fits = number >= 1 && number <= 500
  return (
    <>
      <El as="section" cls="card">
        <El as="h2">{t('press_size')}</El>
        <El cls="choices">{labelSizes.map((one) => <Button key={one.code} cls="choice" pressed={size === one.code} onTap={() => setSize(one.code)}>{one[lang]}</Button>)}</El>
        <Field label={t('press_copies')} kind="number" value={copies} onChange={setCopies} error={fits ? undefined : t('press_copies_wrong')} max={3} />
      </El>
      <Chooser printer={printer} />
      {printer.press && !work.running && (
        <El as="section" cls="card">
          <Button cls="btn quiet" onTap={() => work.begin(async () => testPage(size))}>{t('press_test')}</Button>
          <Button cls="btn big" disabled={!fits} onTap={() => work.begin(() => tspl(id, size, number))}>{t('press_go', { copies: number })}</Button>
        </El>
      )}
      <Told work={work} answered={printer.press?.link.answered ?? true} />
    </>
  )
}

type Printer = ReturnType<typeof usePrinter>

/** The printer chosen here; the connection is given back when the page is left. */
function usePrinter() {
  const [found, setFound] = useState<Found[]>([])
  const [known, setKnown] = useState<Found>()
  const [state, setState] = useState<'idle' | 'looking' | 'connecting' | Trouble>('idle')
  const [reached, setReached] = useState<Press>()
  const held = useRef<{ press?: Press; stop?: () => void }>({})
  useEffect(() => () => { held.current.stop?.(); held.current.press?.link.close() }, [])
  const failed = (error: unknown) => setState(error instanceof NoPrinter ? error.trouble : 'unreachable')
  const look = async () => {
    held.current.stop?.()
    setState('looking')
    await seek(setFound).then((stop) => { held.current.stop = stop; setState('idle') }, failed)
  }
  const open = async (one: Found): Promise<Press | undefined> => {
    held.current.stop?.()
    held.current.press?.link.close()
    setReached(undefined)
    setState('connecting')
    try {
      const fresh = await reach(one)
      held.current.press = fresh
      setKnown(one)
      setReached(fresh)
      setState('idle')
      return fresh
    } catch (error) {
      failed(error)
      return undefined
    }
  }
  return { found, known, state, press: reached, look, open }
}

function Chooser({ printer }: { printer: Printer }) {
  const t = useWords()
  const { state, found, known, press: reached } = printer
  const trouble = state !== 'idle' && state !== 'looking' && state !== 'connecting' ? state : undefined
  return (
    <El as="section" cls="card">
      {reached && known && <El as="p" cls="good" live>{t('press_ready', { name: known.name })}</El>}
      {state === 'looking' && <El as="p" live>{t('press_looking')}</El>}
      {state === 'connecting' && <El as="p" live>{t('press_connecting')}</El>}
      {trouble && <El as="p" cls="wrong" live>{t(TROUBLES[trouble])}</El>}
      {!reached && found.length > 0 && <El as="p">{t('press_choose')}</El>}
      {!reached && found.map((one) => <Button key={one.id} cls="btn quiet" disabled={state === 'connecting'} onTap={() => void printer.open(one)}>{one.name}</Button>)}
      <Button cls={reached ? 'btn quiet' : 'btn'} disabled={state === 'looking' || state === 'connecting'} onTap={() => void printer.look()}>{t(reached || found.length ? 'press_find_again' : 'press_find')}</Button>
    </El>
  )
}

type Work = ReturnType<typeof useJob>
const OVER = new Set<Outcome>(['silent', 'gone', 'uncertain'])

/** The job at hand. After the connection is over the next try connects anew. */
function useJob(printer: Printer) {
  const [progress, setProgress] = useState<Progress>()
  const [outcome, setOutcome] = useState<Outcome | 'unfetched'>()
  const [running, setRunning] = useState(false)
  const now = useRef<ReturnType<typeof job>>()
  useEffect(() => () => now.current?.cancel(), [])
  const run = async () => {
    const { press: reached, known } = printer
    const over = outcome && outcome !== 'unfetched' && OVER.has(outcome)
    setRunning(true)
    setOutcome(undefined)
    const open = over && known ? await printer.open(known) : reached
    if (open && now.current) setOutcome(await press(open, now.current))
    setRunning(false)
  }
  const begin = async (fetched: () => Promise<Uint8Array>) => {
    setProgress(undefined)
    setRunning(true)
    const bytes = await fetched().catch(() => undefined)
    if (bytes) now.current = job(bytes, setProgress)
    if (bytes) return run()
    setOutcome('unfetched')
    setRunning(false)
  }
  return { progress, outcome, running, run: () => void run(), begin: (fetched: () => Promise<Uint8Array>) => void begin(fetched), cancel: () => now.current?.cancel() }
}

const WORDS: Record<Outcome | 'unfetched', Key> = {
  done: 'press_done', cancelled: 'press_cancelled', busy: 'press_busy', silent: 'press_silent', gone: 'press_gone', unclear: 'press_unclear', uncertain: 'press_uncertain', unfetched: 'press_unfetched',
}

function Told({ work, answered }: { work: Work; answered: boolean }) {
  const t = useWords()
  const { progress, outcome, running } = work
  const percent = progress ? Math.floor((100 * progress.sent) / Math.max(progress.total, 1)) : 0
  if (!running && !outcome) return null
  return (
    <El as="section" cls="card">
      {running && <El as="p" cls="lead" live>{t('press_sending', { percent })}</El>}
      {running && <Button cls="btn quiet" onTap={work.cancel}>{t('press_stop')}</Button>}
      {!running && outcome && <El as="p" cls={outcome === 'done' ? 'good' : 'hold'} live>{t(outcome === 'done' && !answered ? 'press_done_blind' : WORDS[outcome])}</El>}
      {!running && (outcome === 'cancelled' || outcome === 'busy') && <Button onTap={work.run}>{t('press_resume')}</Button>}
      {!running && (outcome === 'silent' || outcome === 'gone' || outcome === 'unclear') && <Button onTap={work.run}>{t('press_over')}</Button>}
    </El>
  )
}

export default started(PressPage)
