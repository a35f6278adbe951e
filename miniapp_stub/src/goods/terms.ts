/** The vocabularies of goods on the move, which only these pages need. */
import destroy_terms from '../../../schemas/vocab/destroy_reasons.json'
import hold_terms from '../../../schemas/vocab/hold_reasons.json'
import event_terms from '../../../schemas/vocab/lot_event_kinds.json'
import state_terms from '../../../schemas/vocab/lot_event_states.json'
import proof_terms from '../../../schemas/vocab/proof_kinds.json'
import type { Term } from '@/vocab'

export const destroyReasons = destroy_terms.terms as Term[]
export const holdReasons = hold_terms.terms as Term[]
export const lotEvents = event_terms.terms as Term[]
export const proofKinds = proof_terms.terms as Term[]
export const shipmentStates = state_terms.terms as Term[]
