// All that the benchmarks take from here, so that a peer gets the packages it was installed with, and we get ours.
export { createOpenAICompatible } from '@ai-sdk/openai-compatible'
export { Agent } from '@mariozechner/pi-agent-core'
export { isStepCount, jsonSchema, streamText, tool } from 'ai'
