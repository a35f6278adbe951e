/** Photos that were chosen: seen before they are sent, each can be taken away again. */
import { useRef, useState } from 'react'
import { useWords } from '@/words'
import { Button, El, Picture } from './base'
import { choosePhotos, smaller } from './platform'

export function Photos({ photos, most, change }: { photos: readonly string[]; most: number; change: (photos: string[]) => void }) {
  const t = useWords()
  const [over, setOver] = useState(0)
  const [bad, setBad] = useState(0)
  const latest = useRef({ photos, change })
  latest.current = { photos, change }
  const set = (list: string[]) => {
    latest.current = { ...latest.current, photos: list }
    latest.current.change(list)
  }
  const choose = async () => {
    let many = 0
    const before = latest.current.photos
    const chosen = await choosePhotos(most - before.length, (count) => { many = count })
    setOver(many && many + before.length)
    setBad(0)
    if (chosen.length) set([...latest.current.photos, ...chosen])
    for (const path of chosen) await shrink(path)
  }
  /** The large one stands there, and may be sent, until the small one takes its place; what is no photo goes and is told. */
  const shrink = async (path: string) => {
    const small = await smaller(path).catch(() => undefined)
    if (!small) setBad((count) => count + 1)
    set(latest.current.photos.flatMap((one) => (one !== path ? [one] : small ? [small] : [])))
  }
  return (
    <>
      {photos.length < most && <Button cls="btn quiet" onTap={() => void choose()}>{t('photo')}</Button>}
      {over > 0 && <El as="p" cls="wrong" live>{t('photos_over', { chosen: over, most })}</El>}
      {bad > 0 && <El as="p" cls="wrong" live>{t('photos_bad', { count: bad })}</El>}
      {photos.length > 0 && <El as="p" live>{t('photos_kept', { count: photos.length })}</El>}
      {photos.length > 0 && (
        <El cls="photos">
          {photos.map((path, place) => (
            <El key={path} cls="preview">
              <Picture src={path} alt={t('photo_number', { place: place + 1 })} />
              <Button cls="choice" label={t('photo_drop', { place: place + 1 })} onTap={() => change(photos.filter((one) => one !== path))}>{t('drop')}</Button>
            </El>
          ))}
        </El>
      )}
    </>
  )
}
