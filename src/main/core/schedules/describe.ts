import type { DueWhen } from '../tasks/due-times'

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *', '@monthly': '0 0 1 * *', '@weekly': '0 0 * * 0', '@daily': '0 0 * * *', '@midnight': '0 0 * * *', '@hourly': '0 * * * *',
}

/** In words: "Every day at 02:30, Europe/Berlin". */
export function describeWhen(when: DueWhen): string {
  if (when.kind === 'planned') return when.dates.length === 1 ? `Once, ${when.dates[0]?.replace('T', ' ') ?? ''}, ${when.timeZone}` : `At ${when.dates.length} dates, ${when.timeZone}`
  return `${describeCron(when.cron)}, ${when.timeZone}`
}

/** What has no plain words is shown as it is written; it is taken to be a pattern. */
export function describeCron(cron: string): string {
  const fields = (nicknames[cron.trim().toLowerCase()] ?? cron.trim()).toUpperCase().split(/\s+/)
  const [second = '0', minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = fields.length === 5 ? ['0', ...fields] : fields
  const time = describeTime(second, minute, hour)
  const date = describeDays(any(day), month, any(weekday))
  if (time === null || date === null) return `By the pattern ${cron.trim()}`
  if (time.startsWith('at ')) return `${date} ${time}`
  return date === 'Every day' ? upperFirst(time) : `${upperFirst(time)}, ${lowerFirst(date)}`
}

function any(field: string): string {
  return field === '?' ? '*' : field
}

function describeTime(second: string, minute: string, hour: string): string | null {
  const seconds = second === '0' || second === '00' ? '' : second
  const [hours, minutes] = [numbers(hour, 0, 23), numbers(minute, 0, 59)]
  if (hours && minutes && hours.length * minutes.length <= 6 && (seconds === '' || isNumber(seconds))) {
    const times = hours.flatMap((at) => minutes.map((past) => [at, past, ...(seconds === '' ? [] : [Number(seconds)])].map(twoDigits).join(':')))
    return `at ${listed(times)}`
  }
  const rest = describeHours(hour)
  if (rest === null) return null
  if (minute === '*' && second === '*') return `every second${rest}`
  const everySecond = stepOf(second)
  if (minute === '*' && everySecond !== null) return `every ${everySecond} seconds${rest}`
  if (seconds !== '') return null
  if (minute === '*') return `every minute${rest}`
  const everyMinute = stepOf(minute)
  if (everyMinute !== null) return `every ${everyMinute} minutes${rest}`
  if (!minutes) return null
  const past = minutes.every((at) => at === 0) ? 'on the hour' : `at ${listed(minutes.map(String))} ${minutes.length === 1 && minutes[0] === 1 ? 'minute' : 'minutes'} past`
  const everyHour = stepOf(hour)
  if (hour === '*') return `every hour ${past}`
  return everyHour === null ? `${minutes.length === 1 ? 'every hour ' : ''}${past}${rest}`.replace(/^at/, 'every hour at') : `every ${everyHour} hours ${past}`
}

function describeHours(hour: string): string | null {
  if (hour === '*') return ''
  const range = /^(\d+)-(\d+)$/.exec(hour)
  if (range) return `, from ${twoDigits(Number(range[1]))}:00 to ${twoDigits(Number(range[2]))}:59`
  const step = stepOf(hour)
  if (step !== null) return `, in every ${ordinal(step)} hour`
  const hours = numbers(hour, 0, 23)
  return hours ? `, in the ${hours.length === 1 ? 'hour' : 'hours'} from ${listed(hours.map((at) => `${twoDigits(at)}:00`))}` : null
}

function describeDays(day: string, month: string, weekday: string): string | null {
  const inMonths = month === '*' ? '' : named(month, months, 1)
  const weekdayNames = weekday === '*' ? '' : weekday === '1-5' || weekday === 'MON-FRI' ? 'weekday' : named(weekday, weekdays, 0)
  const days = day === '*' ? '' : day === 'L' ? 'last day' : listedDays(day)
  if (inMonths === null || weekdayNames === null || days === null) return null
  // Cron joins the two with "or".
  if (days !== '' && weekdayNames !== '') return `On the ${days} of ${inMonths || 'every month'} and every ${weekdayNames}${inMonths && ` in ${inMonths}`}`
  if (days !== '') return `On the ${days} of ${inMonths || 'every month'}`
  const each = weekdayNames === '' ? 'Every day' : `Every ${weekdayNames}`
  return inMonths === '' ? each : `${each} in ${inMonths}`
}

function listedDays(field: string): string | null {
  const days = numbers(field, 1, 31)
  return days ? listed(days.map(ordinal)) : null
}

/** `MON,WED`, `1-3`: names; null for what is more than that. */
function named(field: string, names: readonly string[], first: number): string | null {
  const numbered = field.replaceAll(/[A-Z]{3,}/g, (word) => {
    const index = names.findIndex((name) => name.toUpperCase().startsWith(word))
    return index < 0 ? word : String(index + first)
  })
  const found = numbers(numbered, first, first === 0 ? 7 : names.length)
  return found ? listed([...new Set(found.map((at) => names[(at - first) % names.length] ?? ''))]) : null
}

/** `1,3,5-7`; null for anything else. */
function numbers(field: string, first: number, last: number): number[] | null {
  const found: number[] = []
  for (const part of field.split(',')) {
    const [, from = '', until = from] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? []
    if (from === '' || Number(from) < first || Number(until) > last || Number(from) > Number(until)) return null
    for (let at = Number(from); at <= Number(until); at += 1) found.push(at)
  }
  return [...new Set(found)].sort((left, right) => left - right)
}

function stepOf(field: string): number | null {
  const [, step] = /^\*\/(\d+)$/.exec(field) ?? []
  return step === undefined || Number(step) < 2 ? null : Number(step)
}

function isNumber(field: string): boolean {
  return /^\d+$/.test(field)
}

function listed(words: readonly string[]): string {
  return words.length <= 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`
}

function ordinal(number: number): string {
  const [ten, one] = [Math.floor(number / 10) % 10, number % 10]
  return `${number}${ten === 1 ? 'th' : (['th', 'st', 'nd', 'rd'][one] ?? 'th')}`
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
