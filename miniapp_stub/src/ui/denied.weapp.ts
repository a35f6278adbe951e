/** What a person does not allow is answered kindly: where it can be allowed, and that it goes without. */
import Taro from '@tarojs/taro'
import { settings } from '@/state/settings'
import { say } from '@/words'
import { ask } from './dialog.weapp'

const WORDS = { camera: ['camera_denied', 'camera_denied_why'], position: ['position_denied', 'position_denied_why'] } as const

/** Settled when the person has read it, or has gone to the settings. */
export async function explain(what: keyof typeof WORDS): Promise<void> {
  const t = say(settings.get().lang)
  const [title, text] = WORDS[what]
  if (await ask({ title: t(title), text: t(text), yes: t('to_settings'), no: t('not_now') })) await open(what)
}

/** What WeChat itself may not do is allowed in the phone's settings, all else in the mini-program's own. */
async function open(what: keyof typeof WORDS): Promise<void> {
  const phone = Taro.canIUse('getAppAuthorizeSetting') ? Taro.getAppAuthorizeSetting() : undefined
  const shut = (what === 'camera' ? phone?.cameraAuthorized : phone?.locationAuthorized) === 'denied'
  await (shut ? Taro.openAppAuthorizeSetting({}) : Taro.openSetting())
}
