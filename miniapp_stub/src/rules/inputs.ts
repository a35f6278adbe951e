/** The phone's own first look at an input, from the cached rulebook; the server judges again. Pure. */
export interface SubstanceRule { substance: string; name_en?: string; measure: string; crop_classes: string[]; effective_from: string; announcement: string; exempt_methods?: string[] }
/** Days to wait on this crop; of a drug, for one thing this animal gives, or that it is never given to animals that give it. */
export interface Label { crop: string; phi_days: number; produce?: string; forbidden?: boolean }
/** `kind`, `actives` and `labels` come from the catalogue; `known` is what the platform said of it in a record that it has. */
export interface KnownInput { registration_no?: string; name: string; kind?: string; actives?: string[]; labels?: Label[]; known?: boolean }

import { cropClasses, type Crop } from '@/vocab'

const BANNING = new Set(['banned', 'banned_on_crops', 'banned_in_food_animals'])
const CHEMICAL = new Set(['pesticide', 'vet_drug'])
const ANIMALS = new Set(cropClasses.filter((one) => one.kingdom === 'animal').map((one) => one.code))

export type Stop = { kind: 'banned'; substance: string; announcement: string } | { kind: 'unknown' } | { kind: 'fine' }

/** A method is exempt for every class of crops or, written `method@class`, for one. */
function exempts(rule: SubstanceRule, cropClass: string, method?: string): boolean {
  return !!method && !!rule.exempt_methods?.some((one) => one === method || one === `${method}@${cropClass}`)
}

/** 农药管理条例 art. 34: banned on this day for this crop class; unknown when it carries no registration number, or one that the phone
 * has never seen in the catalogue. */
export function judged(input: KnownInput, cropClass: string, day: string, rules: readonly SubstanceRule[], method?: string): Stop {
  const actives = input.actives?.length ? input.actives : named(input.name, rules)
  for (const rule of rules) {
    if (!BANNING.has(rule.measure) || !actives.includes(rule.substance)) continue
    if (!covers(rule, cropClass, day) || exempts(rule, cropClass, method)) continue
    return { kind: 'banned', substance: rule.substance, announcement: rule.announcement }
  }
  return listed(input) ? { kind: 'fine' } : { kind: 'unknown' }
}

function listed({ registration_no, actives, labels, known }: KnownInput): boolean {
  return !!registration_no && !!(actives ?? labels ?? known)
}

/** Whether a deed that takes these kinds of inputs has an interval, so that the gate refuses what nobody knows: as the server's
 * rules of farming have it, what is in no catalogue counts as the first of them. */
export function timed(kinds: readonly string[]): boolean {
  return CHEMICAL.has(kinds[0] ?? '')
}

/** Whether this very input has an interval: what is registered as one that has, in whatever deed; else as the deed says. */
export function waits(input: KnownInput, kinds: readonly string[]): boolean {
  return timed(input.kind ? [input.kind] : kinds)
}

/** A substance in it that may not even be bought: forbidden on this day for every crop and every use (农药管理条例 art. 34). */
export function unbuyable(input: KnownInput, day: string, rules: readonly SubstanceRule[]): Stop {
  const outright = rules.filter((rule) => rule.crop_classes.includes('*') && !rule.exempt_methods?.length)
  return judged(input, '', day, outright)
}

/** Substances whose name stands in what was typed: a bottle without a number still says what is in it. */
function named(name: string, rules: readonly SubstanceRule[]): string[] {
  return rules.filter((rule) => name.includes(rule.substance)).map((rule) => rule.substance)
}

function covers(rule: SubstanceRule, cropClass: string, day: string): boolean {
  if (rule.effective_from && rule.effective_from > day) return false
  return rule.crop_classes.some((one) => one === '*' || one === cropClass || (one === 'animal' && ANIMALS.has(cropClass)))
}

/** The days to harvest that labels give for a crop, or for what this animal gives; the longest when several answer. Undefined: none is
 * lawful as far as is known, for no label names it or one forbids it (农药管理条例 art. 34, 兽药管理条例 art. 40). */
export function interval(input: KnownInput, crop: Crop | undefined): number | undefined {
  const produce = crop?.produce ?? 'meat'
  const fitting = (input.labels ?? []).filter((label) => crop?.label_crops.includes(label.crop) && (label.produce ?? produce) === produce)
  return fitting.length && !fitting.some((label) => label.forbidden) ? Math.max(...fitting.map((label) => label.phi_days)) : undefined
}

/** Day plus days, both civil: `2026-11-23`. */
export function plus(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

export function between(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}

/** The first lawful day of harvest, the server's window and what still waits on the phone taken together. */
export function lawfulFrom(window: string | null, waiting: readonly { ended_on: string; days: number | undefined }[]): string | null {
  const days = waiting.flatMap(({ ended_on, days: wait }) => (wait === undefined ? [] : [plus(ended_on, wait)]))
  return [window, ...days].filter((day): day is string => !!day).sort().pop() ?? null
}
