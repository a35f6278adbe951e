/** The notice before anything private is asked of the phone: what for, agree or not now. */
import { useSyncExternalStore } from 'react'
import { Button as Native, View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { useWords } from '@/words'
import { AGREE, gate } from './platform'

export function Consent() {
  const t = useWords()
  const asking = useSyncExternalStore(gate.subscribe, gate.isAsking)
  const later = () => {
    gate.answer(false)
    void Taro.showToast({ title: t('consent_no'), icon: 'none', duration: 3000 })
  }
  if (!asking) return null
  return (
    <View className="veil">
      <View className="card notice" ariaRole="dialog" ariaLabel={t('consent')}>
        <View className="h2">{t('consent')}</View>
        <View className="p">{t('consent_what')}</View>
        <View className="p">{t('consent_free')}</View>
        <Native className="tap summary" onClick={() => Taro.openPrivacyContract()}>{t('consent_guide')}</Native>
        <Native id={AGREE} className="tap btn" openType="agreePrivacyAuthorization" onAgreePrivacyAuthorization={() => gate.answer(true)}>{t('consent_yes')}</Native>
        <Native className="tap btn quiet" onClick={later}>{t('consent_later')}</Native>
      </View>
    </View>
  )
}
