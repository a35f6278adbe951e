/** What goods came in under: certificates of the platform can be opened, papers from outside only read. */
import Taro from '@tarojs/taro'
import { read } from '@/rules/codes'
import type { Proof } from '@/services/certificates'
import { Button, El } from '@/ui/base'
import { useWords } from '@/words'

export function Proofs({ proofs }: { proofs: readonly Proof[] }) {
  return <>{proofs.map((proof) => <Line key={proof.code} proof={proof} />)}</>
}

function Line({ proof }: { proof: Proof }) {
  const t = useWords()
  const said = (
    <>
      <El as="span" cls="grow code">{proof.code}</El><El as="span" cls={`chip ${proof.valid ? 'valid' : 'void'}`}>{t(proof.valid ? 'proof_valid' : 'proof_void')}</El>
    </>
  )
  if (read(proof.code).kind !== 'trace') return <El cls="row">{said}</El>
  return <Button cls="row" onTap={() => void Taro.navigateTo({ url: `/pages/trace/index?code=${encodeURIComponent(proof.code)}` })}>{said}</Button>
}
