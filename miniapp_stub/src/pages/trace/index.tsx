/** A trace: the verdict first, then the certificate, the waiting times, tests and the timeline; readable before photos come. */
import { useCallback, useEffect, useLayoutEffect, useState } from 'react'
import Taro, { useRouter, useShareAppMessage } from '@tarojs/taro'
import { day } from '@/rules/china'
import { normal } from '@/rules/codes'
import { look, type Looked, type Story } from '@/services/trace'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Fold, Picture } from '@/ui/base'
import { attempt } from '@/ui/failing'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { Paper } from '@/ui/paper'
import { share } from '@/ui/platform'
import { evidenceGrades, traceStates } from '@/vocab'
import { useWords } from '@/words'
import { settled } from '@/api/early'
import { BASE } from '@/api/request'

function Trace() {
  const t = useWords()
  const code = normal(useRouter().params.code ?? '')
  const [found, setFound] = useState<Looked>()
  const ask = useCallback(() => { void look(code).then(setFound) }, [code])
  useEffect(ask, [ask])
  useLayoutEffect(() => { if (found) settled() }, [found])
  useEffect(() => settled, [])
  const name = found && 'story' in found ? found.story.product.name.value : ''
  useShareAppMessage(() => ({ title: name || t('trace'), path: `/pages/trace/index?code=${code}` }))
  return (
    <Page title={t('trace')}>
      {!found && <El as="p" cls="lead" live>{t('loading')}</El>}
      {found?.kind === 'not_found' && <Nothing code={code} />}
      {found?.kind === 'unreachable' && (
        <El as="section" cls="card">
          <El as="p" cls="lead" live>{t('unreachable')}</El>
          <Button onTap={ask}>{t('retry')}</Button>
        </El>
      )}
      {found?.kind === 'kept' && <El as="p" cls="strip" live>{t('kept_copy', { day: day(found.at) })}</El>}
      {(found?.kind === 'fresh' || found?.kind === 'kept') && <Told story={found.story} />}
    </Page>
  )
}

function report(code: string): void {
  void Taro.navigateTo({ url: `/pages/report/index?trace=${encodeURIComponent(code)}` })
}

function Nothing({ code }: { code: string }) {
  const t = useWords()
  return (
    <El as="section" cls="verdict unknown">
      <El as="h2">{t('not_found')}</El>
      <El as="p" cls="code">{code}</El>
      <El as="p">{t('not_found_hint')}</El>
      <Button cls="btn quiet" onTap={() => report(code)}>{t('report_this')}</Button>
    </El>
  )
}

const SIGNS: Record<string, string> = { valid: '✓', part_recalled: '½', held: '‖', void: '✕', recalled: '!' }

function Told({ story }: { story: Story }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [copied, setCopied] = useState(false)
  return (
    <>
      <El as="section" cls={`verdict ${story.state}`} live>
        <El as="h2"><El as="span" cls="sign" hidden>{SIGNS[story.state] ?? '?'}</El>{story.state_label[lang]}</El>
        <El as="p" cls="lead" lang="zh-CN">{story.product.name.value} {story.product.variety?.value}</El>
        <El as="p" lang="zh-CN">{story.producer.name.value}</El>
        <El as="p">{lang === 'en' ? story.place.text_en : story.place.text.value}</El>
        <El as="p">{traceStates.find((one) => one.code === story.state)?.[`explain_${lang}`]}</El>
        <Why story={story} />
      </El>
      <Certificate story={story} />
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/check/index/index?code=${story.code}` })}>{t('check_this')}</Button>
      <Waits story={story} />
      <Tests story={story} />
      <Timeline story={story} />
      <El as="section" cls="card"><Fold summary={t('how_to_read')}>
        <El as="ul">{(['how_1', 'how_2', 'how_3'] as const).map((key) => <El as="li" key={key}>{t(key)}</El>)}</El>
      </Fold></El>
      <El cls="pair">
        <Button onTap={() => attempt(share(story.product.name.value, story.url).then((how) => setCopied(how === 'copied')))}>{t('share')}</Button>
        <Button cls="btn quiet" onTap={() => report(story.code)}>{t('report_this')}</Button>
      </El>
      {copied && <El as="p" live>{t('copied')}</El>}
      <Related story={story} />
    </>
  )
}

/** Why it is not simply valid, and what else must be known before reading on. */
function Why({ story }: { story: Story }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const { void_reason, void_reason_en } = story.certificate
  const hold = lang === 'en' ? story.hold?.reason_en : story.hold?.reason
  const voided = lang === 'en' ? void_reason_en : void_reason
  return (
    <>
      {story.recall && <El as="p"><El as="strong">{t('why_recalled')}{(lang === 'en' ? story.recall.reason_en : story.recall.reason_zh) ?? story.recall.reason}</El></El>}
      {story.part_recalls?.map((one) => (
        <El key={one.at}>
          <El as="p"><El as="strong">{t('why_part')}{lang === 'en' ? one.reason_en : one.reason_zh}</El></El>
          <El as="p">{t('ask_part', { place: lang === 'en' ? one.place_en : one.place })}</El>
        </El>
      ))}
      {voided && <El as="p"><El as="strong">{t('why_void')}{voided}</El></El>}
      {hold && <El as="p"><El as="strong">{t('why_held')}{hold}</El></El>}
      {story.notices?.filter((one) => one.grave).map((one) => <El as="p" key={one.code}><El as="strong">{one[lang]}</El></El>)}
    </>
  )
}

function Certificate({ story }: { story: Story }) {
  return <Paper card={story.certificate} number={story.certificate.number.value} />
}

function Waits({ story }: { story: Story }) {
  const t = useWords()
  const waiting = story.batch?.waiting ?? []
  if (!waiting.length) return null
  return (
    <El as="section" cls="card">
      <El as="h2">{t('waits')}</El>
      {waiting.map((one) => (
        <El key={one.input} cls="wait">
          <El as="p"><El as="strong" lang="zh-CN">{one.input}</El> <El as="span" cls={`chip ${one.met ? 'valid' : 'void'}`}>{t(one.met ? 'met' : 'unmet')}</El> {one.example && <El as="span" cls="chip">{t('example')}</El>}</El>
          <El as="p">{t('waited', { days: one.days, required: one.required_days })} <Says grade={one.grade} /></El>
        </El>
      ))}
    </El>
  )
}

function Tests({ story }: { story: Story }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const tests = story.tests ?? []
  const words = (one: NonNullable<Story['tests']>[number]) => (lang === 'en' ? [one.kind_en, one.verdict_en] : [one.kind_zh, one.verdict_zh]).filter(Boolean).join(' · ')
  return (
    <El as="section" cls="card">
      <El as="h2">{t('tests')}</El>
      {tests.length === 0 && <El as="p" cls="soft">{t('tests_none')}</El>}
      {tests.map((one, place) => <El as="p" key={place}>{words(one)} <Says grade="lab" /></El>)}
    </El>
  )
}

function Timeline({ story }: { story: Story }) {
  const t = useWords()
  const { lang } = useStore(settings)
  return (
    <El as="section" cls="card">
      <El as="h2">{t('timeline')}</El>
      <El as="ol" cls="timeline">
        {story.timeline.map((one, place) => (
          <El as="li" key={place}>
            <El as="p"><El as="strong">{one.date}</El> {lang === 'en' ? one.kind_en : one.kind_zh} {one.late_days > 0 && <El as="span" cls="chip mark">{t('late', { days: one.late_days })}</El>}</El>
            {one.text && <El as="p" lang="zh-CN">{one.text}</El>}
            {one.inputs.map((used) => <El as="p" key={used.name}><El as="span" lang="zh-CN">{used.name}</El> {used.amount} {lang === 'en' ? used.unit_en : used.unit_zh}</El>)}
            {one.photos.length > 0 && <El cls="photos">{one.photos.map((photo) => <Picture key={photo.url} src={BASE + photo.thumb} alt={`${one.date} ${lang === 'en' ? one.kind_en : one.kind_zh}`} />)}</El>}
            <Says grade={one.grade} />
          </El>
        ))}
      </El>
    </El>
  )
}

/** Who says so, explained in a tap. */
function Says({ grade }: { grade: string }) {
  const { lang } = useStore(settings)
  const [open, setOpen] = useState(false)
  const t = useWords()
  const known = evidenceGrades.find((one) => one.code === grade)
  if (!known) return null
  return (
    <>
      <Button cls={`grade ${grade}`} label={`${t('who_says')}: ${known[lang]}`} onTap={() => setOpen(!open)} pressed={open}>{known[lang]}</Button>
      {open && <El as="span" cls="explained" live>{lang === 'en' ? known.explain_en : known.explain_zh}</El>}
    </>
  )
}

function Related({ story }: { story: Story }) {
  const t = useWords()
  const readings = story.related ?? []
  if (!readings.length) return null
  return (
    <El as="section" cls="card">
      <El as="h2">{t('related')}</El>
      {readings.map((one) => <Button key={one.slug} cls="row" onTap={() => void Taro.navigateTo({ url: `/pages/article/index?slug=${encodeURIComponent(one.slug)}` })}><El as="span" cls="grow" lang="zh-CN">{one.title}</El></Button>)}
    </El>
  )
}

export default started(Trace, true)
