/** Something new that is grown or kept: from the list of crops. Works without signal. */
import { useRef, useState } from 'react'
import { newProduct } from '@/services/land'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { goBack } from '@/ui/leaving'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { cropClasses, crops, label } from '@/vocab'
import { useWords } from '@/words'
import { useFresh } from '../fresh'

function Product() {
  const t = useWords()
  const { lang } = useStore(settings)
  useFresh()
  const [kind, setKind] = useState('')
  const [crop, setCrop] = useState('')
  const [name, setName] = useState('')
  const [variety, setVariety] = useState('')
  const [problem, setProblem] = useState('')
  const busy = useRef(false)
  const save = async () => {
    const why = !crop ? t('missing', { what: t('product') }) : !name.trim() ? t('missing', { what: t('product_name') }) : ''
    if (why || busy.current) return setProblem(why)
    busy.current = true
    try {
      await newProduct(crop, name.trim(), variety.trim(), t('product_title', { name: name.trim() }))
      await goBack('/farmer/farm/index')
    } catch {
      busy.current = false
      setProblem(t('storage_full'))
    }
  }
  return (
    <Page title={t('product_title_new')}>
      <El as="section" cls="card">
        <El as="h2">{t('product_class')}</El>
        <Choices label={t('product_class')} terms={cropClasses} value={kind} onPick={(code) => { setKind(code); setCrop('') }} />
        {kind && <El as="h2">{t('product')}</El>}
        {kind && <Choices label={t('product')} terms={crops.filter((one) => one.class === kind)} value={crop} onPick={(code) => { setCrop(code); setName(label(crops, code, lang)) }} />}
        {crop && <Field label={t('product_name')} value={name} onChange={setName} max={60} />}
        {crop && <Field label={t('variety')} value={variety} onChange={setVariety} max={60} />}
        {problem && <El as="p" cls="wrong" live>{problem}</El>}
        <Button cls="btn big" onTap={() => void save()}>{t('save')}</Button>
      </El>
    </Page>
  )
}

export default started(Product)
