/** The one word above all that was checked. Pure, and needs no arithmetic. */
import type { Checked, Listing } from './check'

export type Grave = 'good' | 'unsure' | 'bad'
export type Headline = Exclude<Checked['verdict'], 'good'> | `good_${Listing}` | 'good_expired' | 'good_stale' | 'good_older'
const BAD: readonly string[] = ['altered', 'wrong_purpose', 'out_of_time', 'revoked_key', 'other_code', 'good_listed']

/** The word of the headline, and how grave it is: good alone when it is signed, of today, and not on a list of this week that is no older than itself. */
export function verdictOf(one: Checked): { word: Headline; grave: Grave } {
  const word = one.verdict === 'good' ? signedAnd(one) : one.verdict
  return { word, grave: BAD.includes(word) ? 'bad' : word === 'good_not_listed' ? 'good' : 'unsure' }
}

function signedAnd({ listing, expired, stale, older }: Checked): Headline {
  if (listing === 'listed') return 'good_listed'
  if (expired) return 'good_expired'
  if (listing !== 'not_listed') return `good_${listing}`
  return older ? 'good_older' : stale ? 'good_stale' : 'good_not_listed'
}
