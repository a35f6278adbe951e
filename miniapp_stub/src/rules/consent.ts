/** Whether WeChat failed because the person does not allow it, here (`auth deny`) or in the phone's own settings (`system permission
 * denied`); to call the scanner off is neither. Pure. */
export function denied(wrong: unknown): boolean {
  return /auth|den(y|ied)|permission/i.test(String((wrong as { errMsg?: string } | undefined)?.errMsg))
}

/** The gate before camera, album, position and Bluetooth: nothing of the kind before the person agreed. Pure. */
export class Gate {
  private asked: Promise<boolean> | undefined
  private settle: ((agreed: boolean) => void) | undefined
  private listeners = new Set<() => void>()

  /** `needed` says whether consent is missing; when it cannot tell, it is missing. */
  constructor(private needed: () => Promise<boolean>) {}

  /** True when the person agreed, earlier or now. */
  async pass(): Promise<boolean> {
    const missing = await this.needed().catch(() => true)
    return missing ? this.ask() : true
  }

  /** Opens the notice; everybody who waits gets the one answer. */
  ask(): Promise<boolean> {
    this.asked ??= new Promise<boolean>((resolve) => { this.settle = resolve }).finally(() => {
      this.asked = this.settle = undefined
      this.tell()
    })
    this.tell()
    return this.asked
  }

  /** What the person tapped. */
  answer(agreed: boolean): void {
    this.settle?.(agreed)
  }

  isAsking = (): boolean => this.asked !== undefined

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener())
  }
}
