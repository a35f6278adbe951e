/** Of several questions that follow each other only the newest is answered: one that is slow does not cover what was asked since. */
export type Newest = <T>(asking: Promise<T>, then: (found: T) => void) => Promise<void>

export function newest(): Newest {
  let turn = 0
  return async (asking, then) => {
    const mine = ++turn
    const found = await asking
    if (mine === turn) then(found)
  }
}
