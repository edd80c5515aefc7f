/** Names of the messages about sessions. Apart from schemas, because a sandboxed preload can load no library. */
export const sessionChannels = {
  choosePath: 'session:choose-path',
  locate: 'session:locate',
  tell: 'session:tell',
  saveAndClose: 'session:save-and-close',
  closeNow: 'session:close-now'
} as const
