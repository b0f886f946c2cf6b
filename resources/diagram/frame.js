// Draws one diagram, in a sandbox: a frame of no origin, without network, that can tell the page around it nothing but
// how large the drawing is, or that there is none. Plain script: a page of no origin may load no modules.
addEventListener('message', (event) => {
  const port = event.ports[0]
  if (event.source !== parent || port === undefined || typeof event.data !== 'object') return
  draw(event.data, port)
}, { once: true })

async function draw({ source, dark }, port) {
  const fail = () => port.postMessage({ width: 0, height: 0 })
  try {
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light'
    mermaid.initialize({
      startOnLoad: false, securityLevel: 'strict', suppressErrorRendering: true, htmlLabels: false, flowchart: { htmlLabels: false },
      theme: dark ? 'dark' : 'neutral', maxTextSize: 20_000, maxEdges: 500, fontFamily: 'system-ui, sans-serif', deterministicIds: true,
    })
    const { svg } = await mermaid.render('diagram', source)
    const host = document.getElementById('host')
    host.innerHTML = svg
    const element = host.querySelector('svg')
    const box = element.viewBox.baseVal
    const [width, height] = box !== null && box.width > 0 ? [box.width, box.height] : [element.clientWidth, element.clientHeight]
    element.setAttribute('width', String(width))
    element.setAttribute('height', String(height))
    for (const link of host.querySelectorAll('a')) link.removeAttribute('href')
    port.onmessage = ({ data }) => {
      if (typeof data?.scale !== 'number') return
      element.setAttribute('width', String(width * data.scale))
      element.setAttribute('height', String(height * data.scale))
    }
    port.postMessage({ width, height })
  } catch {
    fail()
  }
}
