import { Download, Ellipsis, History, Plus, Upload } from 'lucide-react'
import { useRef, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { MemoryFilter } from '#contract/memory'
import { Button, IconButton } from '../../components/button'
import { Menu, MenuItem } from '../../components/menu'
import { saveFile } from '../../lib/save-file'
import { useServices } from '../../lib/services'
import { errorMessage } from '../../lib/error-message'
import { AddDialog } from './add-dialog'
import { importParts } from './import-parts'
import type { MemoryPlaces } from './places'
import { UndoDialog } from './undo-dialog'

/** What is done with the memory as a whole. */
export function MemoryActions({ filter, places, onOpen }: { readonly filter: MemoryFilter; readonly places: MemoryPlaces; readonly onOpen: (id: string) => void }) {
  const { client, orpc, toasts } = useServices()
  const queries = useQueryClient()
  const [dialog, setDialog] = useState<'add' | 'undo' | null>(null)
  const file = useRef<HTMLInputElement>(null)
  const exportAs = async (format: 'json' | 'markdown'): Promise<void> => {
    try {
      const parts: string[] = []
      let count = 0
      let cursor: string | undefined
      do {
        const page = await client.memory.exportItems({ ...filter, format, limit: 2_000, ...(cursor !== undefined && { cursor }) })
        parts.push(page.text)
        count += page.count
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      saveFile(format === 'json' ? 'memory.jsonl' : 'memory.md', parts, format === 'json' ? 'application/x-ndjson' : 'text/markdown')
      toasts.info(`Exported ${count.toLocaleString()} ${count === 1 ? 'item' : 'items'}.`)
    } catch (error) {
      toasts.error(errorMessage(error))
    }
  }
  const importFile = async (chosen: File): Promise<void> => {
    try {
      const format = /\.(md|markdown)$/i.test(chosen.name) ? 'markdown' : 'json'
      let [added, known] = [0, 0]
      const failed: string[] = []
      for (const text of importParts(await chosen.text(), format)) {
        const part = await client.memory.importItems({ text, format })
        added += part.added
        known += part.known
        failed.push(...part.failed.map(({ message }) => message))
      }
      toasts.info(`Imported ${added.toLocaleString()}; ${known.toLocaleString()} were known.${failed.length > 0 ? ` ${failed.length.toLocaleString()} could not be read: ${failed[0] ?? ''}` : ''}`)
      await queries.invalidateQueries({ queryKey: orpc.memory.key() })
    } catch (error) {
      toasts.error(errorMessage(error))
    }
  }
  return (
    <div className="flex gap-1">
      <Button small onClick={() => setDialog('add')}><Plus aria-hidden className="size-3.5" />Add</Button>
      <Menu label="More for the memory" trigger={<IconButton label="More for the memory" icon={<Ellipsis />} />}>
        <MenuItem icon={<Download />} onSelect={() => void exportAs('json')}>Export as JSON</MenuItem>
        <MenuItem icon={<Download />} onSelect={() => void exportAs('markdown')}>Export as Markdown</MenuItem>
        <MenuItem icon={<Upload />} onSelect={() => file.current?.click()}>Import…</MenuItem>
        <MenuItem icon={<History />} onSelect={() => setDialog('undo')}>Back to a date…</MenuItem>
      </Menu>
      <input
        ref={file} type="file" hidden aria-label="File to import" accept=".json,.jsonl,.ndjson,.md,.markdown"
        onChange={(event) => {
          const [chosen] = event.target.files ?? []
          if (chosen) void importFile(chosen)
          event.target.value = ''
        }}
      />
      {dialog === 'add' && <AddDialog places={places} onClose={() => setDialog(null)} onAdded={(id) => { setDialog(null); onOpen(id) }} />}
      {dialog === 'undo' && <UndoDialog onClose={() => setDialog(null)} />}
    </div>
  )
}
