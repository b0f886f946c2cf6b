import { type ClipboardEvent, type DragEvent, useState } from 'react'
import { draggedPathsType } from '../../../lib/attach'
import { useServices } from '../../../lib/services'

/** Files that are dropped on the composer or pasted into it. */
export function useFileDrop(sessionId: string) {
  const { attach } = useServices()
  const [isOver, setIsOver] = useState(false)
  const addFiles = async (files: readonly File[]): Promise<void> => {
    for (const file of files) await attach(sessionId, file)
  }
  const isOurs = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes('Files') || dataTransfer.types.includes(draggedPathsType)
  return {
    addFiles,
    isOver,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!isOurs(event)) return
        event.preventDefault()
        setIsOver(true)
      },
      onDragLeave: () => setIsOver(false),
      onDrop: (event: DragEvent) => {
        if (!isOurs(event)) return
        event.preventDefault()
        setIsOver(false)
        for (const path of pathsOf(event.dataTransfer.getData(draggedPathsType))) void attach(sessionId, { from: 'workspace', path })
        void addFiles([...event.dataTransfer.files])
      },
      onPaste: (event: ClipboardEvent) => {
        const files = [...event.clipboardData.files]
        if (files.length === 0) return
        event.preventDefault()
        void addFiles(files)
      },
    },
  }
}

function pathsOf(dragged: string): readonly string[] {
  try {
    const paths: unknown = JSON.parse(dragged)
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string').slice(0, 50) : []
  } catch {
    return []
  }
}
