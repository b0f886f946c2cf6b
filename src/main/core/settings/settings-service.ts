import type { Settings, SettingsFileState, SettingsPatch } from '#contract/settings'
import { AppError, isAppError } from '../errors'
import type { EventStream } from '../events/event-stream'
import type { SettingsFile } from '../ports/settings-file'
import type { SettingsStore } from '../ports/store'
import type { Logger } from '../ports/system'
import { isEqual } from './edit-jsonc'
import { type Environment, withEnvironment } from './environment'
import { newSettingsText, patchSettingsText, type ReadSettings, readSettings } from './settings-text'

export interface SettingsService {
  /** As they count now: what is saved, with what the environment sets on top. */
  current(): Settings
  /** Throws AppError CONFLICT while the file cannot be understood: what its author wrote is not written over. */
  update(patch: SettingsPatch, traceId: string): Settings
  file(): SettingsFileState
  /** Follows changes that others make to the file. The result stops it. */
  follow(newTraceId: () => string): () => void
  /** Called after every change, whoever made it. The result stops it. */
  onDidChange(listener: (settings: Settings) => void): () => void
}

/**
 * The file is the truth; the store keeps the last version of it that was good, which stays in force while the file is
 * not, and is written when the file is gone. Earlier versions of Trestle had the settings in the store alone: their
 * first start with a file writes it from there.
 */
export function createSettingsService({ store, file, events, environment, logger }: {
  readonly store: SettingsStore
  readonly file: SettingsFile
  readonly events: EventStream
  readonly environment: Environment
  readonly logger: Logger
}): SettingsService {
  const listeners = new Set<(settings: Settings) => void>()
  let saved = store.get()
  let state: SettingsFileState = { path: file.path, problem: null, unknown: [] }
  let lastText: string | AppError | null = null

  const take = (read: ReadSettings): Settings => {
    state = 'problem' in read ? { ...state, problem: read.problem } : { ...state, problem: null, unknown: [...read.unknown] }
    return 'problem' in read ? saved : read.settings
  }
  const adopt = (next: Settings, traceId: string): void => {
    if (isEqual(next, saved)) return
    const source = { sessionId: null, runId: null, traceId }
    events.transact((emit) => {
      store.put(next)
      emit({ topic: 'settings.update', payload: { settings: withEnvironment(next, environment) } }, source)
      if (changesModels(saved, next)) emit({ topic: 'models.update', payload: {} }, source)
    })
    saved = next
    for (const listener of [...listeners]) listener(withEnvironment(saved, environment))
  }
  const reload = (traceId: string): void => {
    const text = readQuietly(file, logger)
    if (text === null || text === lastText) return
    lastText = text
    const before = state
    adopt(take(read(text)), traceId)
    if (!isEqual(before, state)) events.transact((emit) => { emit({ topic: 'settings.file', payload: state }, { sessionId: null, runId: null, traceId }) })
  }

  const first = readQuietly(file, logger)
  if (first === null) writeQuietly(file, newSettingsText(saved), logger)
  else {
    const next = take(read(first))
    if (!isEqual(next, saved)) store.put(next)
    saved = next
    lastText = first
  }

  return {
    current: () => withEnvironment(saved, environment),
    file: () => state,
    update: (patch, traceId) => {
      const text = patchSettingsText(editable(file.read() ?? newSettingsText(saved)), patch)
      const next = readSettings(text)
      if ('problem' in next) throw refusal(next.problem, patch)
      file.write(text)
      lastText = text
      const before = state
      adopt(take(next), traceId)
      if (!isEqual(before, state)) events.transact((emit) => { emit({ topic: 'settings.file', payload: state }, { sessionId: null, runId: null, traceId }) })
      return withEnvironment(saved, environment)
    },
    follow: (newTraceId) => file.watch(() => reload(newTraceId())),
    onDidChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function editable(text: string): string {
  const read = readSettings(text)
  if ('problem' in read && !read.isJson) throw conflict(read.problem)
  return text
}

/** What is wrong is what was asked for, or something that was in the file before. */
function refusal(problem: NonNullable<SettingsFileState['problem']>, patch: SettingsPatch): AppError {
  const [key = ''] = problem.message.split(/[.:]/)
  return Object.hasOwn(patch, key) ? new AppError('INVALID_PARAMETERS', problem.message.replace(/^[\w.]+: /, '')) : conflict(problem)
}

function conflict({ line, message }: NonNullable<SettingsFileState['problem']>): AppError {
  return new AppError('CONFLICT', `settings.json has an error on line ${line}: ${message} Correct the file first; nothing was changed.`, { data: { line } })
}

function changesModels(before: Settings, after: Settings): boolean {
  const parts = ({ compatible, openaiBaseUrl, anthropicBaseUrl, demo, defaultModel }: Settings) => ({ compatible, openaiBaseUrl, anthropicBaseUrl, demo, defaultModel })
  return !isEqual(parts(before), parts(after))
}

/** The text, null where there is no file, or why it cannot be read. */
function readQuietly(file: SettingsFile, logger: Logger): string | AppError | null {
  try {
    return file.read()
  } catch (error) {
    if (!isAppError(error)) throw error
    logger.warn('settings.unreadable', { error })
    return error
  }
}

function read(text: string | AppError): ReadSettings {
  return isAppError(text) ? { problem: { message: text.message, line: 1, column: 1 }, isJson: false } : readSettings(text)
}

/** A profile that cannot be written to has settings all the same. */
function writeQuietly(file: SettingsFile, text: string, logger: Logger): void {
  try {
    file.write(text)
  } catch (error) {
    if (!isAppError(error)) throw error
    logger.warn('settings.not_written', { error })
  }
}
