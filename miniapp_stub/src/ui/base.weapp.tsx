/** The few elements pages are made of, in WeChat. Same names and props as in the browser. */
import type { CSSProperties, PropsWithChildren } from 'react'
import { useEffect, useId, useRef, useState } from 'react'
import { Button as Native, Canvas, Image, Input, Picker, RichText, Text, Textarea, View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { length } from '@/rules/records'
import { useWords } from '@/words'
import { line, paper, type Point } from './ink'

export type Tag = 'div' | 'section' | 'nav' | 'ul' | 'ol' | 'li' | 'p' | 'span' | 'h1' | 'h2' | 'h3' | 'strong' | 'dl' | 'dt' | 'dd' | 'main'
export interface ElProps { as?: Tag; cls?: string; label?: string; live?: boolean; style?: CSSProperties; lang?: string; hidden?: boolean }

export function El({ as = 'div', cls = '', label, live, style, children }: PropsWithChildren<ElProps>) {
  const inline = as === 'span' || as === 'strong'
  const Name = inline ? Text : View
  return <Name className={`${as} ${cls}`} ariaLabel={label} ariaRole={live ? 'alert' : undefined} style={style}>{children}</Name>
}

export interface ButtonProps { cls?: string; label?: string; onTap: () => void; disabled?: boolean; pressed?: boolean }

export function Button({ cls = 'btn', label, onTap, disabled, pressed, children }: PropsWithChildren<ButtonProps>) {
  return <Native className={`tap ${cls} ${pressed ? 'pressed' : ''} ${disabled ? 'off' : ''}`} ariaLabel={label} disabled={disabled} onClick={onTap}>{children}</Native>
}

export interface FieldProps {
  label: string; value: string; onChange: (value: string) => void
  kind?: 'text' | 'number' | 'day' | 'long' | 'secret'; hint?: string; error?: string; max?: number
}

export function Field({ label, value, onChange, kind = 'text', hint, error, max = 140 }: FieldProps) {
  const t = useWords()
  const full = kind === 'long' && length(value) >= max && t('field_full', { most: max })
  return (
    <View className="field">
      <View className="label">{label}</View>
      {kind === 'day' && <Picker mode="date" value={value} onChange={(event) => onChange(event.detail.value)}><View className="input">{value}</View></Picker>}
      {kind === 'long' && <Textarea className="input" ariaLabel={label} value={value} maxlength={max} autoHeight onInput={(event) => onChange(event.detail.value)} />}
      {(kind === 'text' || kind === 'number' || kind === 'secret') && <Input password={kind === 'secret'} className="input" ariaLabel={label} value={value} maxlength={max} type={kind === 'number' ? 'digit' : 'text'} onInput={(event) => onChange(event.detail.value)} />}
      {hint && <View className="soft">{hint}</View>}
      {error && <View className="wrong">{error}</View>}
      {full && <View className="wrong" ariaRole="alert">{full}</View>}
    </View>
  )
}

/** `sharp` is the same twice as wide; with its pixels a picture takes its place before it arrives. */
export interface PictureProps { src: string; alt: string; cls?: string; lang?: string; sharp?: string; pixels?: readonly [number, number]; onLost?: () => void }

export function Picture({ src, alt, cls, sharp, pixels, onLost }: PictureProps) {
  const shown = sharp && Taro.getSystemInfoSync().pixelRatio >= 2 ? sharp : src
  return <Image src={shown} ariaLabel={alt} className={`photo ${cls ?? ''}`} style={pixels && { aspectRatio: `${pixels[0]} / ${pixels[1]}` }} lazyLoad webp mode="aspectFill" onError={onLost} />
}

/** HTML that the server made out of Markdown, with nothing of anybody's own in it. */
export function Rich({ html }: { html: string; lang?: string }) {
  const classed = html.replace(/<(h[1-6]|p|ul|ol|li|a|blockquote|table|th|td|code|pre|img|strong|em)(?=[\s>])/g, '<$1 class="rich-$1"')
  return <RichText className="rich" nodes={classed} userSelect />
}

export function Fold({ summary, children }: PropsWithChildren<{ summary: string }>) {
  const [open, setOpen] = useState(false)
  return <View><Native className={`tap summary ${open ? 'open' : ''}`} onClick={() => setOpen(!open)}>{summary}</Native>{open && children}</View>
}

interface Board { canvas: Taro.Canvas; pen: CanvasRenderingContext2D }
interface Touched { touches: readonly { x: number; y: number }[] }

/** A name written with the finger. `onChange` gets the picture's path after each stroke; with a new `sheet` it is blank again. */
export function Signature({ label, sheet, onChange }: { label: string; sheet: number; onChange: (path: string) => void }) {
  const id = `sign${useId().replace(/\W/g, '')}`
  const board = useRef<Board>()
  const last = useRef<Point>()
  useEffect(() => {
    Taro.nextTick(() => Taro.createSelectorQuery().select(`#${id}`).fields({ node: true, size: true }, (found) => {
      const { node, width, height } = found as { node?: Taro.Canvas; width: number; height: number }
      if (!node) return
      const pen = node.getContext('2d') as CanvasRenderingContext2D
      const sharp = Taro.getSystemInfoSync().pixelRatio
      node.width = width * sharp
      node.height = height * sharp
      pen.scale(sharp, sharp)
      paper(pen, width, height)
      board.current = { canvas: node, pen }
    }).exec())
  }, [sheet])
  const draw = ({ touches: [touch] }: Touched) => {
    if (!touch || !board.current) return
    const here = { x: touch.x, y: touch.y }
    line(board.current.pen, last.current ?? here, here)
    last.current = here
  }
  const end = () => {
    last.current = undefined
    if (board.current) void Taro.canvasToTempFilePath({ canvas: board.current.canvas, fileType: 'png' }).then(({ tempFilePath }) => onChange(tempFilePath))
  }
  return (
    <View ariaLabel={label}>
      <Canvas type="2d" id={id} className="sign-here" disableScroll onTouchStart={(event) => draw(event as unknown as Touched)}
        onTouchMove={(event) => draw(event as unknown as Touched)} onTouchEnd={end} onTouchCancel={end} />
    </View>
  )
}

/** A box with or without its tick, drawn: as a letter it may come out a coloured picture. Without a label it is hidden from who listens. */
export function Box({ on, label }: { on: boolean; label?: string }) {
  return <View className={on ? 'box on' : 'box'} ariaRole={label && 'img'} ariaLabel={label} />
}

export function Bar({ title }: { title: string; back?: string }) {
  useEffect(() => { void Taro.setNavigationBarTitle({ title }) }, [title])
  return null
}
