import type { Settings } from '#contract/settings'
import type { AccessService } from '#core/access/access-service'
import type { Login } from '#core/audit/login-audit'
import type { EventStream } from '#core/events/event-stream'
import { createSettingsAudit } from '#core/audit/settings-audit'
import type { McpVisitors } from '#core/mcp/visitors'
import { lockDown } from '#core/work/lock-down'
import { followPlans } from '#core/plans/follow-plans'
import { startParking } from '#core/sessions/park'
import { startNotifier } from '#core/work/notifier'
import { createRouter, type AppRouter } from './router'
import { createServices, type RuntimePorts } from './services'

export type { HostInfo, RuntimePorts } from './services'
export type { AppRouter, CallContext } from './router'

/** Trestle without a host: what it can be asked, what it tells, and its life. */
export interface Runtime {
  readonly router: AppRouter
  readonly events: EventStream
  /** The tokens that a person made, for a server to ask. */
  readonly access: Pick<AccessService, 'find' | 'onDidEnd'>
  /** For who serves MCP clients. */
  readonly mcpVisitors: Pick<McpVisitors, 'arrive'>
  /** Reconciles the runs of an earlier process, takes up those that wait, starts what is queued. Call once. */
  start(): Promise<void>
  /** No new work; turns get `graceMs` to finish, then they are interrupted. Everything is on disk when it resolves. */
  stop(graceMs: number): Promise<void>
  /** Called after every change of the settings, whoever made it. The result stops it. */
  onDidChangeSettings(listener: (settings: Settings) => void): () => void
  /** The machine goes to sleep: everything that was told is on disk when this returns. */
  onSleep(): void
  /** The machine woke up: folders may have gone, servers on this machine may have come. */
  onWake(): Promise<void>
  /** Resolves when the checkpoints of turns that have ended are recorded, and what is worth remembering of them is noted. */
  settled(): Promise<void>
  /** Somebody came over the network, or was refused: it is recorded. */
  noteLogin(login: Login): void
  /** Between `start` and `stop`. */
  isReady(): boolean
}

/** The start has no time for it. */
const LOOK_AT_AUDIT_AFTER_MS = 3000

export function createRuntime(ports: RuntimePorts): Runtime {
  const services = createServices(ports)
  let ready = false
  const stops: (() => void)[] = []
  return {
    router: createRouter(ports, services),
    events: services.events,
    access: services.access,
    mcpVisitors: services.mcpVisitors,
    start: async () => {
      // Before anything else reads or writes files.
      await services.checkpoints.recover(ports.newTraceId())
      const stopNotifying = startNotifier({ ...ports, events: services.events, sessions: ports.store.sessions, settings: services.settings.current })
      void services.sandboxKnown()
      // It was not finished when the process before ended.
      if (services.work.current().lockedAt !== null) await lockDown(services, ports.newTraceId())
      stops.push(services.children.follow())
      await services.runs.start(ports.newTraceId())
      await services.tasks.worker.start()
      stops.push(followPlans({ ...ports, events: services.events, actions: services.tasks.actions, runs: services.runs }))
      stops.push(services.workflows.follow())
      stops.push(
        services.scheduler.start(), services.access.start(), stopNotifying, startParking({ ...ports, events: services.events, settings: services.settings.current }), services.settings.follow(ports.newTraceId), services.checkpoints.storage.tidy(ports.newTraceId),
        services.sessions.emptyBin(ports.newTraceId), services.search.start(), services.memory.start(ports.newTraceId), services.learning.start(), services.settings.onDidChange(createSettingsAudit({ ...services, ...ports }, services.settings.current())), services.settings.onDidChange(() => services.memory.embeddings.settingsChanged()),
        services.settings.onDidChange(() => void services.models.forgetKeys('of others', ports.newTraceId()).catch((error: unknown) => ports.logger.warn('keys.not_removed', { error }))),
      )
      ready = true
      stops.push(ports.clock.after(LOOK_AT_AUDIT_AFTER_MS, () => void services.audit.lookAtStart(ports.newTraceId())))
    },
    stop: async (graceMs) => {
      ready = false
      for (const stop of stops.splice(0)) stop()
      const noMoreSchedules = services.scheduler.look()
      // Both begin at once: tasks start nothing more, turns get their time.
      const noMoreTasks = services.tasks.worker.stop()
      // What is held by a pause would only let the time pass.
      const { held, running } = services.work.current()
      await services.runs.stop(held >= running ? 0 : graceMs)
      await Promise.all([noMoreTasks, noMoreSchedules, services.learning.idle()])
      await services.checkpoints.stop()
      await services.terminals.stop()
      await services.mcp.stopAll()
      await ports.folderIndex.close()
      await ports.demo.stop()
      await services.audit.stop()
    },
    onDidChangeSettings: services.settings.onDidChange,
    onSleep: () => services.events.settle(),
    onWake: async () => {
      const traceId = ports.newTraceId()
      await services.workspaces.look(traceId)
      await services.scheduler.look()
      services.events.transact((emit) => { emit({ topic: 'models.update', payload: {} }, { sessionId: null, runId: null, traceId }) })
    },
    noteLogin: services.noteLogin,
    settled: async () => { await Promise.all([services.checkpoints.turns.idle(), services.learning.idle()]) },
    isReady: () => ready,
  }
}
