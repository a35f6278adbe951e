/** Photos that were chosen: seen before they are sent, each can be taken away again. */
import { useState } from 'react'
import { useWords } from '@/words'
import { Button, El, Picture } from './base'
import { choosePhotos, smaller } from './platform'

export function Photos({ photos, most, change }: { photos: readonly string[]; most: number; change: (photos: string[]) => void }) {
  const t = useWords()
  const [over, setOver] = useState(0)
  const [bad, setBad] = useState(0)
  const choose = async () => {
    let many = 0
    const chosen = await choosePhotos(most - photos.length, (count) => { many = count })
    setOver(many && many + photos.length)
    const made = (await Promise.all(chosen.map((path) => smaller(path).catch(() => '')))).filter(Boolean)
    setBad(chosen.length - made.length)
    if (made.length) change([...photos, ...made])
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
