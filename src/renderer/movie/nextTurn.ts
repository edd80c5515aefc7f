/**
 * Lets the page do what else there is to do. No timer and no animation frame: a window in the background gets few of the one and none of the
 * other, and a movie goes on there.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
