/** The way from the signed root down to a record: a level a step, our hash and the one beside it. */
import type { Step } from '@/rules/proof/path'
import { hex } from '@/rules/proof/bytes'
import { El } from '@/ui/base'
import { useBook } from '@/words'
import { check } from '@/words/check'

const MOST = 6
const [TOP, BOTTOM] = [2, 3]
const short = (hash: Uint8Array) => hex(hash.subarray(0, 4))

export function Tree({ steps }: { steps: readonly Step[] }) {
  const s = useBook(check)
  const root = steps[steps.length - 1]
  const levels = steps.slice(1).map((step, at) => ({ ...step, at })).reverse()
  const hidden = levels.length > MOST ? levels.length - TOP - BOTTOM : 0
  if (!root) return null
  return (
    <El cls="tree">
      <El as="p" cls="soft">{s('check_tree')}</El>
      <El cls="level one"><El cls="node ours root">{s('check_root')} {short(root.hash)}</El></El>
      {levels.map((step, down) => {
        if (hidden && down >= TOP && down < TOP + hidden) return down === TOP ? <El as="p" cls="soft between" key={step.at}>{s('check_between', { count: hidden })}</El> : null
        return <Level key={step.at} step={step} own={steps[step.at]} above={steps[step.at + 2]?.side} />
      })}
    </El>
  )
}

/** The two that were hashed together. `above` is where the sibling of the node over them stands; it stands in the middle when it is the root. */
function Level({ step, own, above }: { step: Step & { at: number }; own?: Step; above?: Step['side'] }) {
  const s = useBook(check)
  const right = step.side === 'left'
  const ours = <El key="ours" cls="node ours">{step.at === 0 ? `${s('check_leaf')} ` : ''}{own && short(own.hash)}</El>
  const beside = <El key="beside" cls="node beside">{s('check_beside')} {step.sibling && short(step.sibling)}</El>
  return (
    <>
      <El cls={`branch ${above === 'left' ? 'from-right' : above === 'right' ? 'from-left' : ''} ${right ? 'to-right' : 'to-left'}`} hidden><El cls="stem" /><El cls="leg" /><El cls="leg" /></El>
      <El cls="level">{right ? [beside, ours] : [ours, beside]}</El>
    </>
  )
}
