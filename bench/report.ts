import { availableParallelism, cpus } from 'node:os'

export interface Measurement {
  /** Workload and what was measured in it: `streaming.openai`. */
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What the same work was also done with, in the same run. */
  readonly peer?: string
  readonly peerValue?: number
}

/** Prints one JSON line. `ratio` is ours over the peer's; whether more is better follows from the unit. */
export function report(measurement: Measurement): void {
  const { value, peerValue } = measurement
  const ratio = peerValue === undefined ? {} : { ratio: value / peerValue }
  const env = {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    platform: `${process.platform}-${process.arch}`,
  }
  process.stdout.write(`${JSON.stringify({ ...measurement, ...ratio, env })}\n`)
}
