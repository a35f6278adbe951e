/** What only the browser can say or do. */
export function watchSignal(tell: (online: boolean) => void): () => void {
  const say = () => tell(navigator.onLine)
  say()
  window.addEventListener('online', say)
  window.addEventListener('offline', say)
  return () => {
    window.removeEventListener('online', say)
    window.removeEventListener('offline', say)
  }
}

/** Let the person choose photos; the empty list when they chose none. Paths can be kept with the storage port. */
export function choosePhotos(most: number): Promise<string[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = 'image/*'
    input.multiple = most > 1
    input.onchange = () => resolve([...(input.files ?? [])].slice(0, most).map((file) => URL.createObjectURL(file)))
    input.oncancel = () => resolve([])
    input.click()
  })
}

/** The text of a code: a photo of it is read by the server, which keeps nothing. Undefined when nobody chose one. */
export async function scan(): Promise<string | undefined> {
  const [path] = await choosePhotos(1)
  if (!path) return undefined
  const body = new FormData()
  body.append('photo', await (await fetch(path)).blob(), 'code.jpg')
  const answer = await fetch('/scan', { method: 'POST', body })
  return answer.url
}

export async function share(title: string, url: string): Promise<'shared' | 'copied'> {
  if (navigator.share) {
    await navigator.share({ title, url }).catch(() => undefined)
    return 'shared'
  }
  await navigator.clipboard.writeText(url)
  return 'copied'
}

/** Hands the person a text file. */
export function saveText(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = name
  link.click()
}

/** Opens a page of the site itself. */
export function openSite(path: string): void {
  window.location.href = path
}

/** The app starts without signal too. */
export function keepShell(): void {
  if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/app/sw.js', { scope: '/app/' }).catch(() => undefined)
}

/** What a link brought along: `?q=` or `?code=` before or after the hash. */
export function launchedWith(): string | undefined {
  const query = new URLSearchParams(window.location.search)
  return query.get('q') ?? query.get('code') ?? undefined
}
