/** A picture of the server's that may be kept on the phone: shown from there when it cannot be fetched. */
import { useState, type ReactNode } from 'react'
import { BASE } from '@/api/request'
import { keptPicture } from '@/services/pictures'
import { Picture } from './base'

interface DrawnProps { path: string; sharp?: string; alt: string; lang?: string; cls?: string; pixels?: readonly [number, number]; lost?: ReactNode }

export function Drawn({ path, sharp, alt, lang, cls, pixels, lost = null }: DrawnProps) {
  const [kept, setKept] = useState<string>()
  const [gone, setGone] = useState(false)
  const look = () => {
    if (kept) return setGone(true)
    void keptPicture(path).catch(() => undefined).then((found) => (found ? setKept(found) : setGone(true)))
  }
  if (gone) return <>{lost}</>
  return <Picture key={kept ?? path} src={kept ?? `${BASE}${path}`} sharp={kept || !sharp ? undefined : `${BASE}${sharp}`} alt={alt} lang={lang} cls={cls} pixels={pixels} onLost={look} />
}
