/** The history of a lot, to be drawn step by step from where it began to where it went. Pure. */
export interface Node { ref: number; step: number; lot_id?: string; holder?: string | null; region?: string | null; product_name: string; born: string; born_on: string; amount?: string; unit?: string; on_hand?: string; state?: string }
export interface Step { step: number; shown: Node[]; more: number }

export const MOST_SHOWN = 6

/** Oldest first; the lot itself is step 0. Of a wide step a few are shown and the others counted. */
export function chain(nodes: readonly Node[]): Step[] {
  const steps = [...new Set(nodes.map((node) => node.step))].sort((a, b) => a - b)
  return steps.map((step) => {
    const here = nodes.filter((node) => node.step === step).sort((a, b) => a.born_on.localeCompare(b.born_on) || a.ref - b.ref)
    return { step, shown: here.slice(0, MOST_SHOWN), more: Math.max(here.length - MOST_SHOWN, 0) }
  })
}
