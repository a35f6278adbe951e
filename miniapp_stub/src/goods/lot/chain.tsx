/** Where a lot came from and where it went, drawn as one line from top to bottom. */
import { chain, type Node } from '@/rules/chain'
import { plain } from '@/rules/telling'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { El } from '@/ui/base'
import { label, units } from '@/vocab'
import { useWords } from '@/words'
import { lotEvents } from '../terms'
import './index.css'

export function Chain({ nodes }: { nodes: readonly Node[] }) {
  const t = useWords()
  return (
    <El as="section" cls="card" label={t('way')}>
      <El as="h2">{t('way')}</El>
      <El as="ol" cls="chain">
        {chain(nodes).map((step) => (
          <El as="li" key={step.step} cls={`chain-step ${step.step === 0 ? 'this' : ''}`}>
            {step.shown.map((node) => <Link key={node.ref} node={node} here={step.step === 0} />)}
            {step.more > 0 && <El as="p" cls="soft">{t('way_more', { count: step.more })}</El>}
          </El>
        ))}
      </El>
    </El>
  )
}

function Link({ node, here }: { node: Node; here: boolean }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const much = node.amount ? `${plain(node.amount)} ${label(units, node.unit ?? '', lang)}` : ''
  return (
    <El cls="chain-lot">
      <El as="p"><El as="strong">{label(lotEvents, node.born, lang)}</El> {node.born_on} {here && <El as="span" cls="chip valid">{t('way_here')}</El>}</El>
      <El as="p">{[node.product_name, much].filter(Boolean).join(' · ')}</El>
      <El as="p" cls="soft">{node.holder ?? t('way_other')}</El>
    </El>
  )
}
