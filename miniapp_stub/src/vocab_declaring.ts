/** The vocabularies of declarations and of officers' questions, out of the published contract; only their pages load them. */
import commitment_terms from '../../schemas/vocab/declaration_commitments.json'
import reminders from '../../schemas/vocab/declaration_reminders.json'
import question_states from '../../schemas/vocab/question_states.json'
import question_subjects from '../../schemas/vocab/question_subjects.json'
import type { Term } from './vocab'

export const commitments = commitment_terms.terms as Term[]
export const questionStates = question_states.terms as Term[]
export const questionSubjects = question_subjects.terms as Term[]
/** The month and day from which a producer without a declaration of the year is reminded. */
export const remindOn = reminders.terms[0]?.remind_on ?? '05-01'
