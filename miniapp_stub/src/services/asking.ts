/** Questions of officers and answers of producers: read when there is signal, written with or without. */
import { call } from '@/api/request'
import type { components } from '@/api/schema'
import type { Draft } from '@/outbox/outbox'
import { unsent } from '@/rules/asking'
import { own } from '@/state/own'
import { isOfficer, session } from '@/state/session'
import { mine } from './mine'
import { add, flush, freshId, theOutbox } from './outbox'
import { keepWith } from './photos'

type Out<Name extends keyof components['schemas']> = Required<components['schemas'][Name]>
export type Message = Omit<Out<'QuestionMessageOut'>, 'photos'> & { photos: Out<'AnswerPhotoOut'>[] }
export type Question = Omit<Out<'QuestionOut'>, 'messages' | 'about'> & { messages: Message[] | null; about: { kind: string; id: string } | null }

/** What an officer read is gone after the logout, as all that is kept under `officer…`; what a farmer read is their own. */
export const conversation = (id: string) => own<{ one: Question; at: number } | null>(`${isOfficer(session.get()) ? 'officer_' : ''}question:${id}`, null)

/** One question with all that was said. Raises ApiError; what was kept stays. */
export async function refreshQuestion(id: string): Promise<void> {
  const kept = conversation(id)
  await kept.set({ one: await call<Question>('GET', `/api/v1/questions/${id}`), at: Date.now() })
}

const MOST_FETCHED = 5

/** What waits for an answer is readable without signal, too. Raises ApiError. */
export async function refreshOpen(questions: readonly Question[]): Promise<void> {
  for (const { id } of questions.filter((one) => one.state === 'open').slice(0, MOST_FETCHED)) await refreshQuestion(id)
}

export const producerOf = (question: string) => question.split('.')[0] ?? ''

/** An answer with its photos, which follow it. Rejects when the phone is full. */
export async function answer(question: string, text: string, photos: readonly string[], title: string): Promise<void> {
  const id = freshId()
  const producer = producerOf(question)
  const path = `/api/v1/questions/${question}/answers`
  const said: Draft = { id, kind: 'answer', producer, path, needs: before(question), body: worded(id, text), title }
  const pictured = (file: string): Draft => ({ id: file, kind: 'answer_photo', producer, path: `${path}/photos`, needs: [id], body: { client_id: file, answer_client_id: id }, title, file, part: 'file' })
  await keepWith(photos, pictured, (pictures) => add([said, ...pictures]))
  void flush(true)
}

/** A new question to a producer, perhaps about one of its batches. Rejects when the phone is full. */
export async function ask(producer: string, text: string, batch: string, title: string): Promise<void> {
  const id = freshId()
  const body = { ...worded(id, text), ...(batch ? { about: { kind: 'batch', id: batch } } : {}) }
  await add([{ id, kind: 'question', producer, path: `/api/v1/producers/${producer}/questions`, needs: [], body, title }])
  void flush(true)
}

/** A further question, or the end of it. Rejects when the phone is full. */
export async function sayOn(question: string, how: 'messages' | 'closing', text: string, title: string): Promise<void> {
  const id = freshId()
  const path = how === 'closing' ? `/api/v1/questions/${question}/closing` : `/api/v1/questions/${question}/messages`
  await add([{ id, kind: 'question_step', producer: producerOf(question), path, needs: before(question), body: worded(id, text), title }])
  void flush(true)
}

/** What was refused, said in other words. */
export async function reword(id: string, text: string, title: string): Promise<void> {
  const item = theOutbox().list().find((one) => one.id === id)
  if (item) await theOutbox().correct(id, { ...item.body, text }, title)
  void flush(true)
}

function worded(client_id: string, text: string) {
  return { client_id, text, device_time: new Date().toISOString() }
}

/** It goes after what its writer said before it. */
function before(question: string): string[] {
  return unsent(mine(), question).map((item) => item.id)
}
