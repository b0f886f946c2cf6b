/** The id of a call that another call made: whose it is can be read from it. */
export function innerCallId(outerId: string, id: string): string {
  return `${prefix(outerId)}${id}`
}

export function isInnerCall(callId: string, outerId: string): boolean {
  return callId.startsWith(prefix(outerId))
}

function prefix(outerId: string): string {
  return `${outerId} > `
}
