/** The few elements pages are made of, in a browser: real HTML, so that keyboards and screen readers know them. */
import { useId, type CSSProperties, type PropsWithChildren } from 'react'
import Taro from '@tarojs/taro'

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
  kind?: 'text' | 'number' | 'day' | 'long'; hint?: string; error?: string; max?: number
}

export function Field({ label, value, onChange, kind = 'text', hint, error, max }: FieldProps) {
  const id = useId()
  const said = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  const shared = { id, className: 'input', value, maxLength: max, 'aria-describedby': said, 'aria-invalid': !!error }
  return (
    <div className="field">
      <label className="label" htmlFor={id}>{label}</label>
      {kind === 'long'
        ? <textarea {...shared} rows={3} onChange={(event) => onChange(event.target.value)} />
        : <input {...shared} type={kind === 'day' ? 'date' : 'text'} inputMode={kind === 'number' ? 'decimal' : undefined}
            autoComplete="off" onChange={(event) => onChange(event.target.value)} />}
      {hint && <p className="soft" id={`${id}-hint`}>{hint}</p>}
      {error && <p className="wrong" id={`${id}-error`}>{error}</p>}
    </div>
  )
}

export function Picture({ src, alt, cls }: { src: string; alt: string; cls?: string }) {
  return <img src={src} alt={alt} className={`photo ${cls ?? ''}`} loading="lazy" decoding="async" />
}

export function Fold({ summary, children }: PropsWithChildren<{ summary: string }>) {
  return <details><summary className="summary">{summary}</summary>{children}</details>
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
