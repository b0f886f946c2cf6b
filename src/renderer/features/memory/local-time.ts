/** For fields of days and of times: in the zone of this machine. */
export function localDay(at: number | null | undefined): string {
  return at === null || at === undefined ? '' : localTime(at).slice(0, 10)
}

export function localTime(at: number): string {
  const date = new Date(at)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}
