// A Mermaid diagram. The library is loaded only by a page that has one; until then its source is shown.

import { useData } from 'vitepress'
import { defineComponent, h, onMounted, ref, watch } from 'vue'

let count = 0

export const Diagram = defineComponent({
  props: { source: { type: String, required: true } },
  setup(props) {
    const { isDark } = useData()
    const text = decodeURIComponent(props.source)
    const drawn = ref('')

    async function draw() {
      const { default: mermaid } = await import('mermaid')
      const theme = isDark.value ? 'dark' : 'neutral'
      // Labels as SVG text: HTML ones are measured in another place than the one where they are shown.
      mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme, htmlLabels: false })
      count += 1
      drawn.value = (await mermaid.render(`diagram-${count}`, text)).svg
    }

    onMounted(draw)
    watch(isDark, draw)
    return () =>
      drawn.value
        ? h('div', {
            class: 'diagram',
            tabindex: 0,
            style: 'overflow-x: auto',
            innerHTML: drawn.value,
          })
        : h('pre', { class: 'diagram' }, text)
  },
})
