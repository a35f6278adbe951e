/** One question or one failure over the page, in a browser: its own `<dialog>`, which holds the focus, gives it back and closes by Escape. */
import { factor, settings } from '@/state/settings'
import { systemScale } from './platform'

/** `yes` is the way on, where there is one; `no` closes it. */
export interface Asked { title: string; text: string; yes?: string; no: string }

let names = 0

/** True when the way on was chosen. Over whatever page is shown; plain elements, so that it stands when a page does not. */
export function ask({ title, text, yes, no }: Asked): Promise<boolean> {
  const chosen = settings.get()
  const name = `dialog-${++names}`
  const dialog = made('dialog', chosen.care ? 'page dialog care' : 'page dialog')
  dialog.lang = chosen.lang === 'en' ? 'en' : 'zh-CN'
  dialog.style.setProperty('--f', String(factor(chosen, systemScale())))
  dialog.setAttribute('aria-labelledby', name)
  dialog.setAttribute('aria-describedby', `${name}-text`)
  const said = [made('h2', '', title), made('p', '', text)]
  said.forEach((one, place) => { one.id = place ? `${name}-text` : name })
  const buttons = [...(yes ? [button('tap btn', yes, 'yes')] : []), button(yes ? 'tap btn quiet' : 'tap btn', no, '')]
  dialog.append(...said, ...buttons)
  document.body.append(dialog)
  return new Promise((resolve) => {
    const close = (way: string) => { shut(dialog); resolve(way === 'yes') }
    dialog.addEventListener('close', () => close(''))
    buttons.forEach((one) => one.addEventListener('click', () => close(one.value)))
    if (dialog.showModal) dialog.showModal()
    else dialog.setAttribute('open', '') // an old browser: it stands there, and holds nothing
  })
}

/** Closing gives the focus back to where it was. */
function shut(dialog: HTMLDialogElement): void {
  if (dialog.open) dialog.close?.()
  dialog.remove()
}

function made<Name extends 'dialog' | 'h2' | 'p' | 'button'>(tag: Name, cls: string, text = ''): HTMLElementTagNameMap[Name] {
  const one = document.createElement(tag)
  one.className = cls
  one.textContent = text
  return one
}

function button(cls: string, text: string, value: string): HTMLButtonElement {
  const one = made('button', cls, text)
  one.type = 'button'
  one.value = value
  return one
}
