import type { ReactNode } from 'react'
import { Button } from '../button'
import { useCopy } from '../use-copy'
import type { Token, Tokens } from './lex'
import { tableAsCsv } from './table-text'

/** A table that scrolls inside itself and can be copied. */
export function TableBlock({ table, renderCell }: { readonly table: Tokens.Table; readonly renderCell: (tokens: readonly Token[]) => ReactNode }) {
  return (
    <div className="group/table relative">
      <div tabIndex={0} role="group" aria-label="Table" className="max-h-[70vh] overflow-auto">
        <table>
          <thead><tr>{table.header.map((cell, index) => <Cell key={index} cell={cell}>{renderCell(cell.tokens)}</Cell>)}</tr></thead>
          <tbody>
            {table.rows.map((row, index) => (
              <tr key={index}>{row.map((cell, column) => <Cell key={column} cell={cell}>{renderCell(cell.tokens)}</Cell>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
      {/* Over what comes next, so that it takes no room while it is not seen. */}
      <div className="pointer-events-none absolute top-full z-10 flex items-center gap-1 rounded-md border border-line bg-raised opacity-0 transition-opacity group-focus-within/table:pointer-events-auto group-focus-within/table:opacity-100 group-hover/table:pointer-events-auto group-hover/table:opacity-100 pointer-coarse:pointer-events-auto pointer-coarse:static pointer-coarse:w-fit pointer-coarse:opacity-100">
        <CopyAs label="Copy as CSV" text={() => tableAsCsv(table)} />
        <CopyAs label="Copy as Markdown" text={() => table.raw.trimEnd()} />
      </div>
    </div>
  )
}

function Cell({ cell, children }: { readonly cell: Tokens.TableCell; readonly children: ReactNode }) {
  const align = cell.align === null ? undefined : cell.align
  return cell.header ? <th align={align}>{children}</th> : <td align={align}>{children}</td>
}

function CopyAs({ label, text }: { readonly label: string; readonly text: () => string }) {
  const { words, copy } = useCopy()
  return <Button small tone="quiet" onClick={() => copy(text())}>{words(label)}</Button>
}
