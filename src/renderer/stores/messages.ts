import { create } from 'zustand'
import type { Failure } from '../../shared/errors.ts'

/** Something said about the window as a whole; what concerns a file, a layer or a run is said there. */
export interface Message {
  id: number
  tone: 'notice' | 'error'
  text: string
  hint: string
}

export const useMessages = create<{ messages: readonly Message[]; next: number }>()(() => ({ messages: [], next: 1 }))

function say(tone: Message['tone'], text: string, hint: string): void {
  useMessages.setState(({ messages, next }) => ({
    next: next + 1,
    messages: [...messages.filter((message) => message.text !== text).slice(-2), { id: next, tone, text, hint }]
  }))
}

export function sayNotice(text: string): void {
  say('notice', text, '')
}

export function sayFailure(failure: Failure): void {
  say('error', failure.message, failure.hint)
}

export function dismissMessage(id: number): void {
  useMessages.setState((state) => ({ messages: state.messages.filter((message) => message.id !== id) }))
}
