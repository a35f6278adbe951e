/** The vocabularies the phone needs without signal, out of the published contract. */
import crop_classes from '../../schemas/vocab/crop_classes.json'
import crop_terms from '../../schemas/vocab/crops.json'
import erasures from '../../schemas/vocab/erasure_reasons.json'
import grades from '../../schemas/vocab/evidence_grades.json'
import bodies from '../../schemas/vocab/complaint_bodies.json'
import categories from '../../schemas/vocab/complaint_categories.json'
import complaint_kinds from '../../schemas/vocab/complaint_kinds.json'
import complaint_states from '../../schemas/vocab/complaint_states.json'
import complaint_steps from '../../schemas/vocab/complaint_steps.json'
import identities from '../../schemas/vocab/complaint_identities.json'
import input_kind_terms from '../../schemas/vocab/input_kinds.json'
import movements from '../../schemas/vocab/stock_movements.json'
import kinds from '../../schemas/vocab/record_kinds.json'
import letters from '../../schemas/vocab/receipt_letters.json'
import outcomes from '../../schemas/vocab/complaint_outcomes.json'
import methods from '../../schemas/vocab/application_methods.json'
import kept from '../../schemas/vocab/kept_data.json'
import producer_kinds from '../../schemas/vocab/producer_kinds.json'
import producer_states from '../../schemas/vocab/producer_states.json'
import role_terms from '../../schemas/vocab/roles.json'
import trace_states from '../../schemas/vocab/trace_states.json'
import unit_terms from '../../schemas/vocab/units.json'
import visit_outcomes from '../../schemas/vocab/visit_outcomes.json'
import type { Lang } from '@/state/settings'

export interface Term { code: string; zh: string; en: string }
export interface RecordKind extends Term { applies_to: string[]; mandatory: string[]; mandatory_inputs?: string[]; input_kinds?: string[]; yields?: boolean }
/** `label_crops`: the names on labels that answer to it; `produce`: what an animal gives. */
export interface Crop extends Term { class: string; label_crops: string[]; produce?: string }
export interface Grade extends Term { explain_zh?: string; explain_en?: string }

export const cropClasses = crop_classes.terms as (Term & { kingdom: string })[]
export const crops = crop_terms.terms as Crop[]
export const evidenceGrades = grades.terms as Grade[]
export const complaintKinds = complaint_kinds.terms as (Term & { explain_zh: string; explain_en: string })[]
export const complaintCategories = categories.terms as Term[]
export const complaintIdentities = identities.terms as (Term & { explain_zh: string; explain_en: string })[]
export const complaintStates = complaint_states.terms as (Term & { open: boolean })[]
export const complaintSteps = complaint_steps.terms as (Term & { asks?: string[] })[]
export const complaintOutcomes = outcomes.terms as Term[]
export const complaintBodies = bodies.terms as (Term & { here?: boolean })[]
export const erasureReasons = erasures.terms as Term[]
export const receiptLetters = letters.terms as Term[]
export const inputKinds = input_kind_terms.terms as Term[]
export const stockMovements = movements.terms as Term[]
export const traceStates = trace_states.terms as (Term & { explain_zh: string; explain_en: string })[]
export const recordKinds = kinds.terms as RecordKind[]
export const applicationMethods = methods.terms as Term[]
export const units = unit_terms.terms as (Term & { dimension: string; to_base: number })[]

export const keptData = kept.terms as (Term & { when: string; why_zh: string; why_en: string; law_zh: string; law_en: string })[]
export const producerKinds = producer_kinds.terms as Term[]
export const producerStates = producer_states.terms as Term[]
export const roles = role_terms.terms as Term[]
export const visitOutcomes = visit_outcomes.terms as Term[]

export function label(terms: readonly Term[], code: string, lang: Lang): string {
  return terms.find((term) => term.code === code)?.[lang] ?? code
}
