/** Finding an input: what was bought and used before, the code on its pack, its name, number or pinyin, or its bare name. */
import { useEffect, useState } from 'react'
import { offered } from '@/rules/offers'
import { pack, type Pack } from '@/rules/packs'
import { catalogue, farm, findInputs, habits, rememberCode, type Used } from '@/services/farming'
import { useOutbox } from '@/services/outbox'
import { newest } from '@/state/newest'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { useSignal } from '@/ui/page'
import { readPack } from '@/ui/platform'
import { useWords, type Say } from '@/words'

interface FinderProps { kinds: readonly string[]; onPick: (one: Used) => void; used?: boolean }

export function Finder({ kinds, onPick, used = true }: FinderProps) {
  const t = useWords()
  const [asked, setAsked] = useState('')
  const [pending, setPending] = useState('')
  const [told, setTold] = useState('')
  const [listed, setListed] = useState<Used[]>([])
  const found = useFound(asked, kinds)
  const pick = (one: Used) => {
    if (pending) void rememberCode(pending, one).catch(() => undefined) // a convenience
    setAsked('')
    setListed([])
    onPick(one)
  }
  const scan = async () => {
    const outcome = await scanned(t)
    if (!outcome) return
    setPending(outcome.key)
    setTold(outcome.told)
    setListed(outcome.inputs)
    const [only] = outcome.inputs
    if (only && outcome.inputs.length === 1) onPick(only)
  }
  return (
    <>
      {used && <Offers kinds={kinds} onPick={pick} />}
      <Button cls="btn quiet" onTap={() => void scan()}>{t('scan_pack')}</Button>
      {told && <El as="p" cls="wrong" live>{told}</El>}
      <Field label={t('find_input')} value={asked} onChange={setAsked} max={40} />
      {[...listed, ...found].map((one) => <Button key={one.registration_no ?? one.name} cls="row" onTap={() => pick(one)}><El as="span" cls="grow">{one.name}</El><El as="span" cls="soft">{one.registration_no}</El></Button>)}
      {asked.trim().length > 1 && <Button cls="btn quiet" onTap={() => pick({ name: asked.trim() })}>{t('no_number')}</Button>}
    </>
  )
}

function Offers({ kinds, onPick }: { kinds: readonly string[]; onPick: (one: Used) => void }) {
  const t = useWords()
  const usual = useStore(habits())
  const kept = useStore(farm())
  const known = useStore(catalogue)
  const items = useOutbox()
  const { bought, before } = offered(kinds, kept, usual.inputs, known.inputs, items)
  const group = (word: string, some: readonly Used[]) => some.length > 0 && (
    <>
      <El as="p" cls="soft">{word}</El>
      <El cls="choices" label={word}>{some.map((one) => <Button key={one.registration_no ?? one.name} cls="choice" onTap={() => onPick(one)}>{one.name}</Button>)}</El>
    </>
  )
  return <>{group(t('bought_before'), bought)}{group(t('last_used'), before)}</>
}

/** What the catalogue answers while one types; nothing without signal. */
function useFound(asked: string, kinds: readonly string[]): Used[] {
  const signal = useSignal()
  const [found, setFound] = useState<Used[]>([])
  const [answered] = useState(newest)
  const kind = kinds.length === 1 ? kinds[0] : undefined
  useEffect(() => {
    const words = asked.trim()
    if (words.length < 2 || !signal) return void answered(Promise.resolve<Used[]>([]), setFound)
    const later = setTimeout(() => void answered(findInputs(words, kind).catch(() => []), setFound), 300)
    return () => clearTimeout(later)
  }, [asked, signal, kind])
  return found
}

interface Scanned { key: string; inputs: Used[]; told: string }

async function scanned(t: Say): Promise<Scanned | undefined> {
  const texts = await readPack().catch(() => null)
  if (texts === null) return { key: '', inputs: [], told: t('pack_no_signal') }
  return texts && meant(pack(texts), t)
}

async function meant(read: Pack, t: Say): Promise<Scanned> {
  if (read.kind === 'nothing') return { key: '', inputs: [], told: t('pack_nothing') }
  const remembered = habits().get().codes?.[read.key]
  if (remembered) return { key: read.key, inputs: [remembered], told: '' }
  if (read.kind === 'bar') return { key: read.key, inputs: [], told: t('pack_unknown') }
  try {
    const inputs = await findInputs(read.q)
    return { key: read.key, inputs, told: inputs.length ? '' : t('pack_unknown') }
  } catch {
    return { key: read.key, inputs: [], told: t('pack_no_signal') }
  }
}
