/** One question or one failure over the page, in WeChat's own dialog. Same names and shapes as in the browser. */
import Taro from '@tarojs/taro'

/** `yes` is the way on, where there is one; `no` closes it. WeChat shows four characters of each, and the rest is cut. */
export interface Asked { title: string; text: string; yes?: string; no: string }

/** True when the way on was chosen. */
export async function ask({ title, text, yes, no }: Asked): Promise<boolean> {
  const { confirm } = await Taro.showModal({ title, content: text, showCancel: !!yes, confirmText: yes ?? no, cancelText: no })
  return !!yes && confirm
}
