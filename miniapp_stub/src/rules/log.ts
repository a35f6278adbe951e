/** The versions of the records of one batch. Pure. */
interface Version { root_id: string; version: number; happened_on: string }

/** What counts of each record: its newest version, and how many there are; newest deed first. */
export function current<T extends Version>(records: readonly T[]): { record: T; versions: number }[] {
  const roots = new Map<string, T[]>()
  for (const one of records) roots.set(one.root_id, [...(roots.get(one.root_id) ?? []), one])
  const newest = [...roots.values()].map((versions) => ({ record: versions.reduce((a, b) => (b.version > a.version ? b : a)), versions: versions.length }))
  return newest.sort((a, b) => b.record.happened_on.localeCompare(a.record.happened_on))
}
