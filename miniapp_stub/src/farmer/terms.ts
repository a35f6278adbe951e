/** The vocabularies of certificates and labels, which only these pages need. */
import basis_terms from '../../../schemas/vocab/certificate_bases.json'
import notices from '../../../schemas/vocab/certificate_notices.json'
import hold_terms from '../../../schemas/vocab/hold_reasons.json'
import event_terms from '../../../schemas/vocab/lot_event_kinds.json'
import size_terms from '../../../schemas/vocab/label_sizes.json'
import void_terms from '../../../schemas/vocab/void_reasons.json'
import type { Term } from '@/vocab'

export const bases = (basis_terms.terms as (Term & { historical?: boolean })[]).filter((term) => !term.historical)
export const certificateNotices = notices.terms as Term[]
export const holdReasons = hold_terms.terms as Term[]
export const lotEvents = event_terms.terms as Term[]
export const labelSizes = size_terms.terms as Term[]
export const voidReasons = void_terms.terms as Term[]
