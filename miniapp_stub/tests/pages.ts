/** Draws a page into plain nodes, so that a test sees its words and taps its buttons: no browser, and no layout.
 * The reconciler is the one that Taro's own React is made of. */
import { createRequire } from 'node:module'
import { act, createElement, type ComponentType } from 'react'

export interface Node { type: string; props: Record<string, unknown>; children: (Node | string)[] }
interface Root { updateContainer(element: unknown, container: unknown, parent: null, done: null): void; createContainer(...given: unknown[]): unknown }

const require = createRequire(import.meta.url)
const reconciler = require('react-reconciler') as (host: object) => Root
const { DefaultEventPriority } = require('react-reconciler/constants') as { DefaultEventPriority: number }

interface Held extends Omit<Node, 'children'> { children: (Held | { text: string })[] }
const nothing = () => undefined
const put = (parent: Held, child: Held | { text: string }) => { drop(parent, child); parent.children.push(child) }
const drop = (parent: Held, child: Held | { text: string }) => { parent.children = parent.children.filter((one) => one !== child) }
const before = (parent: Held, child: Held | { text: string }, next: Held | { text: string }) => {
  drop(parent, child)
  parent.children.splice(parent.children.indexOf(next), 0, child)
}

const root = reconciler({
  supportsMutation: true, isPrimaryRenderer: true, noTimeout: -1, scheduleTimeout: setTimeout, cancelTimeout: clearTimeout,
  getRootHostContext: () => ({}), getChildHostContext: () => ({}), getPublicInstance: (one: unknown) => one,
  createInstance: (type: string, props: object) => ({ type, props, children: [] }),
  createTextInstance: (text: string) => ({ text }),
  appendInitialChild: put, appendChild: put, appendChildToContainer: put, insertBefore: before, insertInContainerBefore: before,
  removeChild: drop, removeChildFromContainer: drop, clearContainer: (one: Held) => { one.children = [] },
  finalizeInitialChildren: () => false, shouldSetTextContent: () => false, prepareUpdate: () => true,
  commitUpdate: (one: Held, _payload: unknown, _type: string, _old: object, props: Held['props']) => { one.props = props },
  commitTextUpdate: (one: { text: string }, _old: string, text: string) => { one.text = text },
  prepareForCommit: () => null, resetAfterCommit: nothing, preparePortalMount: nothing, detachDeletedInstance: nothing, resetTextContent: nothing,
  getCurrentEventPriority: () => DefaultEventPriority, getInstanceFromNode: () => null, beforeActiveInstanceBlur: nothing, afterActiveInstanceBlur: nothing,
})

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

function texts(one: Held | { text: string }): string {
  return 'text' in one ? one.text : one.children.map(texts).join('')
}

function all(one: Held): Held[] {
  return one.children.flatMap((child) => ('text' in child ? [] : [child, ...all(child)]))
}

/** A page on the glass; `close` leaves it. */
export class Shown {
  private glass: Held = { type: 'glass', props: {}, children: [] }
  private held: unknown

  static async open(page: ComponentType): Promise<Shown> {
    const shown = new Shown()
    shown.held = root.createContainer(shown.glass, 0, null, false, null, '', (error: unknown) => { throw error }, null)
    await shown.settle(() => root.updateContainer(createElement(page), shown.held, null, null))
    return shown
  }

  get text(): string { return texts(this.glass) }
  all(type: string): Held[] { return all(this.glass).filter((one) => one.type === type) }
  labels(): string[] { return this.all('button').map(texts) }

  /** Taps a button as often as said before the page is drawn again, as a quick finger does. */
  async tap(words: string, times = 1): Promise<void> {
    const button = this.all('button').find((one) => texts(one) === words)
    if (!button) throw new Error(`no button ${words} among ${this.labels().join(' | ')}`)
    const tapped = button.props.onClick as () => void
    await this.settle(() => { for (let time = 0; time < times; time++) tapped() })
  }

  /** Types into the field of that place. */
  async type(value: string, place = 0): Promise<void> {
    const field = [...all(this.glass)].filter((one) => one.type === 'input' || one.type === 'textarea')[place]
    await this.settle(() => (field?.props.onChange as (event: object) => void)({ target: { value } }))
  }

  /** Does something and waits until nothing moves any more. */
  async settle(doing: () => void = nothing): Promise<void> {
    await act(async () => {
      doing()
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve))
    })
  }

  async close(): Promise<void> {
    await this.settle(() => root.updateContainer(null, this.held, null, null))
  }
}
