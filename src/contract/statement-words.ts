import type { Mention, Statement } from './statements'

/** A statement as a line of text: what the item that has it says. `readStatements` understands it again. */
export function sayStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'entity': {
      const { about, aliases } = statement
      return aliases.length === 0 ? `${about.name} is a ${about.type || 'thing'}` : `${sayMention(about)}, also called ${aliases.join(', ')}`
    }
    case 'fact':
      return `${sayMention(statement.about)}: ${statement.attribute} = ${statement.value}`
    case 'relation': {
      const properties = Object.entries(statement.properties).map(([name, value]) => `${name} ${value}`)
      return `${sayMention(statement.from)} → ${statement.type} → ${sayMention(statement.to)}${properties.length === 0 ? '' : ` (${properties.join(', ')})`}`
    }
  }
}

function sayMention({ name, type }: Mention): string {
  return type === '' ? name : `${name} [${type}]`
}
