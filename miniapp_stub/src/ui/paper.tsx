/** A certificate that looks like the paper one; its words are the form's own, in Chinese. */
import type { PropsWithChildren } from 'react'
import { useWords } from '@/words'
import { Box, El } from './base'

export interface Card { title: string; lead: string; commitments: string[]; bases: { zh: string; checked: boolean }[]; fields: { label: string; value: string }[] }

export function Paper({ card, number, children }: PropsWithChildren<{ card: Card; number: string }>) {
  const t = useWords()
  return (
    <El as="section" cls="card paper" lang="zh-CN" label={t('certificate')}>
      <El as="h2">{card.title}</El>
      <El as="p">{card.lead}</El>
      <El as="ul">{card.commitments.map((one) => <El as="li" key={one}>{one}</El>)}</El>
      <El as="p" cls="bases">{card.bases.map((one) => <El as="span" key={one.zh}><Box on={one.checked} label={t(one.checked ? 'ticked' : 'unticked')} /> {one.zh}</El>)}</El>
      <El as="dl">{card.fields.map((one) => <El key={one.label} cls="fact"><El as="dt">{one.label}</El><El as="dd">{one.value}</El></El>)}</El>
      <El as="p" cls="soft">{t('number')} {number}</El>
      {children}
    </El>
  )
}
