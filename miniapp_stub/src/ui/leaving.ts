/** Leaving a form that is done. */
import Taro from '@tarojs/taro'

/** Back to where one came from; a form that was opened by itself, or read anew in between, has no such place and leads to `home`. */
export async function goBack(home: string): Promise<void> {
  await (Taro.getCurrentPages().length > 1 ? Taro.navigateBack() : Taro.redirectTo({ url: home }))
}
