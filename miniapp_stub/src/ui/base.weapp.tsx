/** The few elements pages are made of, in WeChat. Same names and props as in the browser. */
import type { CSSProperties, PropsWithChildren } from 'react'
import { useEffect, useState } from 'react'
import { Button as Native, Image, Input, Picker, Text, Textarea, View } from '@tarojs/components'
import Taro from '@tarojs/taro'

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
  kind?: 'text' | 'number' | 'day' | 'long'; hint?: string; error?: string; max?: number
}

export function Field({ label, value, onChange, kind = 'text', hint, error, max = 140 }: FieldProps) {
  return (
    <View className="field">
      <View className="label">{label}</View>
      {kind === 'day' && <Picker mode="date" value={value} onChange={(event) => onChange(event.detail.value)}><View className="input">{value}</View></Picker>}
      {kind === 'long' && <Textarea className="input" ariaLabel={label} value={value} maxlength={max} autoHeight onInput={(event) => onChange(event.detail.value)} />}
      {(kind === 'text' || kind === 'number') && <Input className="input" ariaLabel={label} value={value} maxlength={max} type={kind === 'number' ? 'digit' : 'text'} onInput={(event) => onChange(event.detail.value)} />}
      {hint && <View className="soft">{hint}</View>}
      {error && <View className="wrong">{error}</View>}
    </View>
  )
}

export function Picture({ src, alt, cls }: { src: string; alt: string; cls?: string }) {
  return <Image src={src} ariaLabel={alt} className={`photo ${cls ?? ''}`} lazyLoad mode="aspectFill" />
}

export function Fold({ summary, children }: PropsWithChildren<{ summary: string }>) {
  const [open, setOpen] = useState(false)
  return <View><Native className="tap summary" onClick={() => setOpen(!open)}>{summary}</Native>{open && children}</View>
}

export function Bar({ title }: { title: string; back?: string }) {
  useEffect(() => { void Taro.setNavigationBarTitle({ title }) }, [title])
  return null
}
