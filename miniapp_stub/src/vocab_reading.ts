/** The vocabularies of readers; apart from the others so that a first scan does not wait for them. */
import article_kinds from '../../schemas/vocab/article_kinds.json'
import verdicts from '../../schemas/vocab/rumour_verdicts.json'
import type { Term } from './vocab'

export const articleKinds = article_kinds.terms as Term[]
export const rumourVerdicts = verdicts.terms as Term[]
