const names: Readonly<Record<string, string>> = {
  title: 'Title', instruction: 'What is to be done', context: 'Background', when: 'When', template: 'Agent', workspaceId: 'Folder', model: 'Model', mode: 'Mode',
  priority: 'Priority', tags: 'Tags', dependsOn: 'Waits for', budget: 'Limits', attempts: 'Attempts', deadline: 'Not started after', checklist: 'Checklist', review: 'Review',
  pausedReason: 'Paused',
}

export function fieldWords(name: string): string {
  return names[name] ?? name
}

/** A value of the history as text, one line for each part of it. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.map(itemText).join('\n')
  if (typeof value === 'object') return Object.entries(value).filter(([, part]) => part !== null).map(([name, part]) => `${name}: ${fieldText(part)}`).join('\n')
  return JSON.stringify(value)
}

function itemText(item: unknown): string {
  if (typeof item === 'object' && item !== null && 'text' in item && 'done' in item) return `${item.done === true ? '[x]' : '[ ]'} ${fieldText(item.text)}`
  return fieldText(item)
}
