/** The receipt: letters, words and a picture; the page is left only when it was noted. */
import { useEffect, useState } from 'react'
import Taro from '@tarojs/taro'
import { BASE } from '@/api/request'
import { spoken } from '@/rules/receipts'
import { dropReceipt, keepReceipt, unnoted, type Filed } from '@/services/reports'
import { today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Box, Button, El } from '@/ui/base'
import { askBeforeLeaving, copyText, savePicture } from '@/ui/platform'
import { useWords } from '@/words'

export function Receipt({ filed, onNoted }: { filed: Filed; onNoted: () => void }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [kept, setKept] = useState(false)
  const [said, setSaid] = useState('')
  useEffect(() => askBeforeLeaving(() => unnoted.filed !== undefined, t('receipt_first')), [])
  const words = spoken(filed.receipt, lang)
  const line = t('receipt_line', { address: `${BASE || globalThis.location?.origin || ''}/report/follow` })
  const picture = () => savePicture('longtrace-receipt.png', [
    { text: `${t('app')} · ${t('receipt')}`, size: 34, bold: true }, { text: filed.receipt, size: 40, bold: true },
    { text: words, size: 36, bold: true }, { text: today(), size: 28 }, { text: line, size: 26 },
  ]).then(() => setSaid(t('receipt_saved')), () => setSaid(t('receipt_first')))
  const keep = async () => {
    try {
      await (kept ? dropReceipt(filed.receipt) : keepReceipt(filed.receipt, today()))
      setKept(!kept)
      setSaid('')
    } catch {
      setSaid(t('receipt_full'))
    }
  }
  const noted = () => {
    unnoted.filed = undefined
    onNoted()
    void Taro.redirectTo({ url: '/pages/home/index' })
  }
  return (
    <>
      <El as="section" cls="card">
        <El as="h2">{t('receipt_keep')}</El>
        <El as="p" cls="receipt-code">{filed.receipt}</El>
        <El as="p" cls="soft">{t('receipt_words')}</El>
        <El as="p" cls="receipt-words">{words}</El>
        <El as="p">{t('receipt_why')}</El>
        <El cls="pair">
          <Button cls="btn quiet" onTap={() => void picture()}>{t('receipt_picture')}</Button>
          <Button cls="btn quiet" onTap={() => void copyText(filed.receipt).then(() => setSaid(t('copied')), () => setSaid(t('receipt_first')))}>{t('copy_code')}</Button>
        </El>
        <Button cls="choice tick" pressed={kept} onTap={() => void keep()}><Box on={kept} />{t('receipt_on_phone')}</Button>
        {said && <El as="p" live>{said}</El>}
      </El>
      <El as="section" cls="card">
        <El as="p">{filed.state === 'held' ? t('receipt_held') : t('receipt_due', { day: filed.due_on ?? '' })}</El>
        <Button cls="btn big" onTap={noted}>{t('receipt_noted')}</Button>
      </El>
    </>
  )
}
