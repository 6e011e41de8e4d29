// Looks into the double's chat windows as a visitor does: both vendors' keep to a shadow of their own.

;(() => {
  /** @param {string} id @returns {any} */
  const part = (id) =>
    document.getElementById('aicc-web-chat')?.shadowRoot?.querySelector(`[data-testid="cec-${id}"]`)

  window.chatWindow = {
    part,
    /** Opens the window by its round button and waits for the agent. */
    async open() {
      const button = await bench.until(() => part('button'))
      button.click()
      await bench.until(() => document.getElementById('aicc-web-chat')?.dataset.state === 'agent')
    },
    /** Writes a line and waits for the agent's answer to it. @param {string} text */
    async say(text) {
      const input = part('input')
      input.value = text
      input.dispatchEvent(new Event('input'))
      part('send').click()
      const answer = `Received: ${text}`
      await bench.until(() => chatWindow.lines().includes(answer))
      return answer
    },
    lines: () =>
      [...part('messages').querySelectorAll('.bubble')].map((bubble) => bubble.textContent),
  }
})()
