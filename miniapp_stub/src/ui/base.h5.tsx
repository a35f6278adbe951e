/** The few elements pages are made of, in a browser: real HTML, so that keyboards and screen readers know them. */
import { useEffect, useId, useRef, type CSSProperties, type PointerEvent, type PropsWithChildren } from 'react'
import Taro from '@tarojs/taro'
import { length } from '@/rules/records'
import { useWords } from '@/words'
import { line, paper, type Point } from './ink'

export type Tag = 'div' | 'section' | 'nav' | 'ul' | 'ol' | 'li' | 'p' | 'span' | 'h1' | 'h2' | 'h3' | 'strong' | 'dl' | 'dt' | 'dd' | 'main'
export interface ElProps { as?: Tag; cls?: string; label?: string; live?: boolean; style?: CSSProperties; lang?: string; hidden?: boolean }

export function El({ as: Name = 'div', cls, label, live, style, lang, hidden, children }: PropsWithChildren<ElProps>) {
  return <Name className={cls} aria-label={label} role={live ? 'status' : undefined} style={style} lang={lang} aria-hidden={hidden}>{children}</Name>
}

export interface ButtonProps { cls?: string; label?: string; onTap: () => void; disabled?: boolean; pressed?: boolean }

export function Button({ cls = 'btn', label, onTap, disabled, pressed, children }: PropsWithChildren<ButtonProps>) {
  return <button type="button" className={`tap ${cls} ${disabled ? 'off' : ''}`} aria-label={label} aria-pressed={pressed} disabled={disabled} onClick={onTap}>{children}</button>
}

export interface FieldProps {
  label: string; value: string; onChange: (value: string) => void
  kind?: 'text' | 'number' | 'day' | 'long' | 'secret'; hint?: string; error?: string; max?: number
}

const TYPES = { text: 'text', number: 'text', day: 'date', long: 'text', secret: 'password' } as const

export function Field({ label, value, onChange, kind = 'text', hint, error, max }: FieldProps) {
  const id = useId()
  const t = useWords()
  const full = kind === 'long' && max !== undefined && length(value) >= max && t('field_full', { most: max })
  const said = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  const shared = { id, className: 'input', value, maxLength: max, 'aria-describedby': said, 'aria-invalid': !!error }
  return (
    <div className="field">
      <label className="label" htmlFor={id}>{label}</label>
      {kind === 'long'
        ? <textarea {...shared} rows={3} onChange={(event) => onChange(event.target.value)} />
        : <input {...shared} type={TYPES[kind]} inputMode={kind === 'number' ? 'decimal' : undefined}
            autoComplete={kind === 'secret' ? 'current-password' : 'off'} onChange={(event) => onChange(event.target.value)} />}
      {hint && <p className="soft" id={`${id}-hint`}>{hint}</p>}
      {error && <p className="wrong" id={`${id}-error`}>{error}</p>}
      {full && <p className="wrong" aria-live="polite">{full}</p>}
    </div>
  )
}

/** `sharp` is the same twice as wide; with its pixels a picture takes its place before it arrives. */
export interface PictureProps { src: string; alt: string; cls?: string; lang?: string; sharp?: string; pixels?: readonly [number, number]; onLost?: () => void }

export function Picture({ src, alt, cls, lang, sharp, pixels, onLost }: PictureProps) {
  return <img src={src} srcSet={sharp && `${src} 1x, ${sharp} 2x`} alt={alt} lang={lang} className={`photo ${cls ?? ''}`} width={pixels?.[0]} height={pixels?.[1]} loading="lazy" decoding="async" onError={onLost} />
}

/** HTML that the server made out of Markdown, with nothing of anybody's own in it. */
export function Rich({ html, lang }: { html: string; lang?: string }) {
  return <div className="rich" lang={lang} dangerouslySetInnerHTML={{ __html: html }} />
}

export function Fold({ summary, children }: PropsWithChildren<{ summary: string }>) {
  return <details><summary className="summary">{summary}</summary>{children}</details>
}

/** A name written with the finger. `onChange` gets the picture's path after each stroke; with a new `sheet` it is blank again. */
export function Signature({ label, sheet, onChange }: { label: string; sheet: number; onChange: (path: string) => void }) {
  const board = useRef<HTMLCanvasElement>(null)
  const last = useRef<Point>()
  useEffect(() => {
    const canvas = board.current
    const pen = canvas?.getContext('2d')
    if (!canvas || !pen) return
    const { width, height } = canvas.getBoundingClientRect()
    const sharp = Math.max(window.devicePixelRatio, 1)
    canvas.width = width * sharp
    canvas.height = height * sharp
    pen.scale(sharp, sharp)
    paper(pen, width, height)
  }, [sheet])
  const at = (event: PointerEvent<HTMLCanvasElement>): Point => ({ x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY })
  const draw = (event: PointerEvent<HTMLCanvasElement>) => {
    const pen = board.current?.getContext('2d')
    if (!last.current || !pen) return
    line(pen, last.current, at(event))
    last.current = at(event)
  }
  const begin = (event: PointerEvent<HTMLCanvasElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    last.current = at(event)
    draw(event)
  }
  const end = () => {
    if (!last.current) return
    last.current = undefined
    board.current?.toBlob((blob) => { if (blob) onChange(URL.createObjectURL(blob)) }, 'image/png')
  }
  return <canvas ref={board} className="sign-here" role="img" aria-label={label} onPointerDown={begin} onPointerMove={draw} onPointerUp={end} onPointerCancel={end} />
}

/** A box with or without its tick, drawn: as a letter it may come out a coloured picture. Without a label it is hidden from who listens. */
export function Box({ on, label }: { on: boolean; label?: string }) {
  return <span className={on ? 'box on' : 'box'} role={label && 'img'} aria-label={label} aria-hidden={!label} />
}

/** The bar above a page; in WeChat its own navigation bar takes this place. */
export function Bar({ title, back }: { title: string; back?: string }) {
  return (
    <header className="bar">
      {back && <button type="button" className="tap back" onClick={goBack}>{back}</button>}
      <h1>{title}</h1>
    </header>
  )
}

function goBack(): void {
  if (Taro.getCurrentPages().length > 1) void Taro.navigateBack()
  else void Taro.reLaunch({ url: '/pages/home/index' })
}
