import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { UsageReport } from '#contract/usage'
import { formatCost, formatTokens } from '../../lib/format'

const height = 176

/** Bars of each day: cost, or tokens where no price is known. A picture for the eye; the tables below have its numbers. */
export function UsageChart({ days }: { readonly days: UsageReport['days'] }) {
  const host = useRef<HTMLDivElement>(null)
  const hasCost = days.some((day) => (day.costUsd ?? 0) > 0)
  const words = hasCost ? 'Cost by day' : 'Tokens by day'
  useEffect(() => {
    const element = host.current
    if (element === null) return
    let chart = draw(element, days, hasCost)
    const redraw = (): void => {
      chart.destroy()
      chart = draw(element, days, hasCost)
    }
    const theme = new MutationObserver(redraw)
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    const size = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }))
    size.observe(element)
    return () => {
      theme.disconnect()
      size.disconnect()
      chart.destroy()
    }
  }, [days, hasCost])
  return (
    <figure>
      <figcaption className="mb-1 text-xs text-muted">{words}</figcaption>
      <div ref={host} role="img" aria-label={`${words}; the numbers are in the table of days`} className="w-full" style={{ height }} />
    </figure>
  )
}

function draw(element: HTMLElement, days: UsageReport['days'], hasCost: boolean): UPlot {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const axis = { stroke: token('muted'), grid: { stroke: token('line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' }
  const at = days.map((_, index) => index)
  const values = days.map((day) => (hasCost ? day.costUsd ?? 0 : day.usage.totalTokens))
  return new UPlot({
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: [-0.6, days.length - 0.4] }, y: { range: (_chart, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [
      { ...axis, grid: { show: false }, values: (_chart, splits) => splits.map((split) => (Number.isInteger(split) ? days[split]?.day.slice(5) ?? '' : '')) },
      { ...axis, size: 56, values: (_chart, splits) => splits.map((split) => (hasCost ? formatCost(split) : formatTokens(split))) },
    ],
    series: [{}, { fill: token('accent'), stroke: token('accent'), width: 0, points: { show: false }, ...bars() }],
  }, [at, values], element)
}

function bars(): Pick<UPlot.Series, 'paths'> {
  const paths = UPlot.paths.bars?.({ size: [0.7, 48] })
  return paths === undefined ? {} : { paths }
}
