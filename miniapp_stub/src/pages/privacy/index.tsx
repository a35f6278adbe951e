/** Privacy in plain words: what is kept where, who sees it, for how long, and what one can do. */
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { El } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { keptData } from '@/vocab'
import { useWords } from '@/words'

const PARTS = [
  ['privacy_phone', ['privacy_phone_1', 'privacy_phone_2', 'privacy_phone_3']],
  ['privacy_there', ['privacy_there_1', 'privacy_there_2', 'privacy_there_3', 'privacy_there_4']],
  ['privacy_who', ['privacy_who_1', 'privacy_who_2', 'privacy_who_3']],
  ['privacy_asks', ['privacy_asks_1', 'privacy_asks_2']],
] as const

function Privacy() {
  const t = useWords()
  const { lang } = useStore(settings)
  return (
    <Page title={t('privacy')}>
      {PARTS.map(([title, lines]) => (
        <El as="section" cls="card" key={title} label={t(title)}>
          <El as="h2">{t(title)}</El>
          <El as="ul">{lines.map((line) => <El as="li" key={line}>{t(line)}</El>)}</El>
        </El>
      ))}
      <El as="section" cls="card" label={t('privacy_long')}>
        <El as="h2">{t('privacy_long')}</El>
        <El as="p">{t('privacy_long_1')}</El>
        {keptData.map((one) => (
          <El cls="said" key={one.code}>
            <El as="p">{one[lang]}</El>
            <El as="p" cls="soft">{one[`why_${lang}`]}{t('because_of', { law: one[`law_${lang}`] })}</El>
          </El>
        ))}
      </El>
      <El as="section" cls="card" label={t('privacy_rights')}>
        <El as="h2">{t('privacy_rights')}</El>
        <El as="p">{t('privacy_rights_1')}</El>
      </El>
    </Page>
  )
}

export default started(Privacy, true)
