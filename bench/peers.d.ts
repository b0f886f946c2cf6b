// The peers are installed when a benchmark first runs, so a type check must not depend on their types.
declare module '@ai-sdk/openai-compatible'
declare module '@mariozechner/pi-agent-core'
declare module '@mariozechner/pi-ai'
declare module 'ai'
