import { useEffect } from 'react'
import { Icon } from '../controls/Icon.tsx'
import { dismissMessage, useMessages, type Message } from '../stores/messages.ts'

const noticeMs = 6000

/** What is said about the window as a whole. Notices go by themselves, errors stay until dismissed. */
export function Messages() {
  const messages = useMessages((state) => state.messages)
  return (
    <div className="messages" aria-live="polite">
      {messages.map((message) => (
        <MessageLine key={message.id} message={message} />
      ))}
    </div>
  )
}

function MessageLine({ message }: { message: Message }) {
  const { id, tone, text, hint } = message
  useEffect(() => {
    if (tone !== 'notice') return
    const timer = window.setTimeout(() => dismissMessage(id), noticeMs)
    return () => window.clearTimeout(timer)
  }, [id, tone])
  return (
    <p className="message" data-tone={tone} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon name={tone === 'error' ? 'warning' : 'info'} />
      <span>
        {text} {hint && <span className="hint">{hint}</span>}
      </span>
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismissMessage(id)}>
        <Icon name="close" />
      </button>
    </p>
  )
}
