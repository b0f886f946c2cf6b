import { describe, expect, it } from 'vitest'
import { designSchema } from './design-schema'

const column = (name: string, type = 'TEXT') => ({ name, type })
const ships = { name: 'ships', columns: [column('id', 'BIGINT'), column('name')], primaryKey: ['id'] }
const visits = { name: 'visits', columns: [column('id', 'BIGINT'), column('ship_id', 'BIGINT'), column('at', 'BIGINT')], primaryKey: ['id'] }
const refers = { kind: 'foreign_key', table: 'visits', columns: ['ship_id'], references: 'ships', to: ['id'], onDelete: 'cascade' }
const byShip = { name: 'visits_by_ship', table: 'visits', columns: ['ship_id', 'at'], answers: 'The visits of a ship, newest first' }

const check = async (design: object) => {
  const context = {} as never
  const { execute } = await designSchema.prepare(design, context)
  return (await execute(context)).content
}

describe('a design of a database', () => {
  it('that holds together comes back as SQL, in which each index says what it is for', async () => {
    const said = await check({ tables: [ships, visits], indexes: [byShip], constraints: [refers, { kind: 'unique', table: 'ships', columns: ['name'] }] })
    expect(said).toContain('CREATE TABLE ships (\n  id BIGINT NOT NULL,\n  name TEXT NOT NULL,\n  PRIMARY KEY (id),\n  UNIQUE (name)\n);')
    expect(said).toContain('  FOREIGN KEY (ship_id) REFERENCES ships (id) ON DELETE CASCADE\n')
    expect(said).toContain('-- The visits of a ship, newest first\nCREATE INDEX visits_by_ship ON visits (ship_id, at);')
    expect(said).not.toContain('Worth a look')
  })

  it('says which foreign key has no index, and which index another one covers', async () => {
    expect(await check({ tables: [ships, visits], constraints: [refers] })).toContain('visits (ship_id) refers to ships without an index')
    expect(await check({ tables: [visits], indexes: [byShip, { ...byShip, name: 'short', columns: ['ship_id'] }] })).toContain('The index short is covered by visits_by_ship.')
  })

  it.each([
    ['a table that is not there', { tables: [ships], indexes: [byShip] }, 'no table visits'],
    ['a column that is not there', { tables: [{ ...ships, primaryKey: ['number'] }] }, 'no column number'],
    ['a reference to what is not unique', { tables: [ships, visits], constraints: [{ ...refers, to: ['name'] }] }, 'neither its primary key nor unique'],
    ['columns that do not pair up', { tables: [ships, visits], constraints: [{ ...refers, columns: ['ship_id', 'at'] }] }, 'cannot refer to 1'],
    ['two tables of one name', { tables: [ships, ships] }, 'Two tables'],
  ])('is refused with %s', async (_what, design, words) => {
    await expect(check(design)).rejects.toThrow(words)
  })

  it('takes no SQL in a name or a type', async () => {
    await expect(designSchema.prepare({ tables: [{ ...ships, name: 'x; DROP TABLE y' }] }, {} as never)).rejects.toThrow('Invalid parameters')
    await expect(designSchema.prepare({ tables: [{ ...ships, columns: [column('id', 'TEXT); DROP')] }] }, {} as never)).rejects.toThrow('Invalid parameters')
  })
})
