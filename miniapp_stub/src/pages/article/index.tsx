/** One article: a rumour's verdict on top, then the text, its sources, what was corrected, and what to read next. */
import { useCallback, useEffect, useState } from 'react'
import Taro, { useRouter, useShareAppMessage } from '@tarojs/taro'
import { BASE } from '@/api/request'
import { day } from '@/rules/china'
import { pieces } from '@/rules/figures'
import { near, read, type Article, type Drawing, type Read, type Reading } from '@/services/reading'
import { SCALES, settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Rich } from '@/ui/base'
import { Drawn } from '@/ui/drawn'
import { attempt } from '@/ui/failing'
import { Page } from '@/ui/page'
import { openLink, share } from '@/ui/platform'
import { started } from '@/ui/started'
import { label } from '@/vocab'
import { articleKinds, rumourVerdicts } from '@/vocab_reading'
import { useWords } from '@/words'
import '../read/index.css'

const SIZES = ['size_1', 'size_2', 'size_3'] as const

function Reader() {
  const t = useWords()
  const slug = decodeURIComponent(useRouter().params.slug ?? '')
  const [found, setFound] = useState<Read>()
  const ask = useCallback(() => { void read(slug).then(setFound) }, [slug])
  useEffect(ask, [ask])
  const article = found && 'article' in found ? found.article : undefined
  useShareAppMessage(() => ({ title: article?.title ?? t('read'), path: `/pages/article/index?slug=${encodeURIComponent(slug)}` }))
  return (
    <Page title={t('w_article')}>
      {!found && <El as="p" cls="lead" live>{t('loading')}</El>}
      {found?.kind === 'not_found' && (
        <El as="section" cls="card">
          <El as="p" cls="lead" live>{t('w_gone')}</El>
          <Button onTap={() => void Taro.redirectTo({ url: '/pages/read/index' })}>{t('w_show_all')}</Button>
        </El>
      )}
      {found?.kind === 'unreachable' && (
        <El as="section" cls="card">
          <El as="p" cls="lead" live>{t('w_offline_none')}</El>
          <Button onTap={ask}>{t('retry')}</Button>
        </El>
      )}
      {found?.kind === 'kept' && <El as="p" cls="strip" live>{t('w_kept', { day: day(found.at) })}</El>}
      {article && <Told article={article} />}
    </Page>
  )
}

function Told({ article }: { article: Article }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [copied, setCopied] = useState(false)
  const link = `${BASE || location.origin}/read/${encodeURIComponent(article.slug)}`
  return (
    <>
      {article.verdict && <Verdict article={article} />}
      <El as="section" cls="card">
        <El as="h2" cls="headline" lang="zh-CN">{article.title}</El>
        {lang === 'en' && <El as="p" cls="soft">{t('w_chinese')}</El>}
        <El as="p"><El as="span" cls="chip lab">{label(articleKinds, article.kind, lang)}</El> <El as="span" cls="soft">{t('w_published', { day: day(article.first_at) })}{article.corrections.length > 0 && ` · ${t('w_corrected', { day: day(article.updated_at) })}`}</El></El>
        <Sizes />
        {!article.claim && <El as="p" cls="lead" lang="zh-CN">{article.summary}</El>}
        {pieces(article.html).map((one, at) => ('html' in one
          ? <Rich key={at} html={one.html} lang="zh-CN" />
          : <Figure key={at} picture={article.pictures?.find(({ name }) => name === one.picture)} />))}
      </El>
      <Sources article={article} />
      {article.corrections.length > 0 && (
        <El as="section" cls="card">
          <El as="h2">{t('w_corrections')}</El>
          <El as="ul">{article.corrections.map((one, at) => <El as="li" key={at}>{one.on} <El as="span" lang="zh-CN">{one.what}</El></El>)}</El>
        </El>
      )}
      <Button cls="btn quiet" onTap={() => attempt(share(article.title, link).then((how) => setCopied(how === 'copied')))}>{t('share')}</Button>
      {copied && <El as="p" live>{t('copied')}</El>}
      <Near article={article} />
    </>
  )
}

/** A picture with its words; where it cannot be shown, the words say what it shows. */
function Figure({ picture }: { picture?: Drawing }) {
  const t = useWords()
  const { lang } = useStore(settings)
  if (!picture) return null
  const english = lang === 'en' && picture.alt_en
  const [alt, spoken] = english ? [picture.alt_en, 'en'] : [picture.alt, 'zh-CN']
  const lost = <El cls="missing"><El as="p" cls="soft">{t('w_picture_lost')}</El><El as="p" lang={spoken}>{alt}</El></El>
  return (
    <El cls="figure">
      <Drawn path={picture.small} sharp={picture.large} alt={alt} lang={spoken} pixels={[picture.width, picture.height]} lost={lost} />
      <El as="p" cls="soft" lang="zh-CN">{[picture.caption, picture.credit].filter(Boolean).join(' · ')}</El>
    </El>
  )
}

function Verdict({ article }: { article: Article }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const good = article.verdict === 'true'
  return (
    <El as="section" cls={`verdict ${good ? 'valid' : 'void'}`} label={t('w_verdict')}>
      <El as="h2"><El as="span" cls="sign" hidden>{good ? '✓' : '✕'}</El>{label(rumourVerdicts, article.verdict ?? '', lang)}</El>
      <El as="p"><El as="strong">{t('w_claim')}</El></El>
      <El as="p" cls="lead" lang="zh-CN">{article.claim}</El>
      {article.evidence && <><El as="p"><El as="strong">{t('w_evidence')}</El></El><El as="p" lang="zh-CN">{article.evidence}</El></>}
    </El>
  )
}

/** The size of all text, here where it is missed most. */
function Sizes() {
  const t = useWords()
  const chosen = useStore(settings)
  return (
    <El cls="choices" as="nav" label={t('text_size')}>
      {SCALES.map((scale, at) => <Button key={scale} cls="choice" pressed={chosen.scale === scale} onTap={() => void settings.set({ ...chosen, scale })}>{t(SIZES[at] ?? 'size_1')}</Button>)}
    </El>
  )
}

function Sources({ article }: { article: Article }) {
  const t = useWords()
  return (
    <El as="section" cls="card">
      <El as="h2">{t('w_sources')}</El>
      {article.sources.map(({ name, url }, at) => (url
        ? <Button key={at} cls="row" onTap={() => openLink(url)}><El as="span" cls="grow linked" lang="zh-CN">{name}</El></Button>
        : <El as="p" key={at} lang="zh-CN">{name}</El>))}
      <El as="p" cls="soft">{t('w_two')}</El>
    </El>
  )
}

function Near({ article }: { article: Article }) {
  const t = useWords()
  const [list, setList] = useState<Reading[]>([])
  useEffect(() => { void near(article).then(setList) }, [article])
  if (!list.length) return null
  return (
    <El as="section" cls="card">
      <El as="h2">{t('w_next')}</El>
      {list.map((one) => <Button key={one.slug} cls="row" onTap={() => void Taro.redirectTo({ url: `/pages/article/index?slug=${encodeURIComponent(one.slug)}` })}><El as="span" cls="grow" lang="zh-CN">{one.title}</El></Button>)}
    </El>
  )
}

export default started(Reader, true)
