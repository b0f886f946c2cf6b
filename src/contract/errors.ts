import { z } from 'zod'

/**
 * Every failure that crosses a boundary has one of these codes. The names of the first two groups are
 * wire names that scripts rely on (REST, WebSocket, run outcomes); codes are added, never renamed.
 */
export const ErrorCodeSchema = z.enum([
  // Transport and request
  'NETWORK_ERROR',
  'TIMEOUT_ERROR',
  'RATE_LIMIT_ERROR',
  'SERVICE_UNAVAILABLE',
  'INVALID_PARAMETERS',
  'AUTHENTICATION_ERROR',
  'PERMISSION_DENIED',
  'RESOURCE_NOT_FOUND',
  'CONFLICT',
  'PAYLOAD_TOO_LARGE',
  // Limits of a run
  'MAX_STEPS_EXCEEDED',
  'MAX_DEPTH_EXCEEDED',
  'TIME_LIMIT_EXCEEDED',
  'TOKEN_LIMIT_EXCEEDED',
  'NO_CREDITS',
  'NO_PROGRESS',
  'GUARDRAIL_STOPPED',
  'TASK_STOPPED',
  // Models and providers
  'NO_MODEL',
  'MODEL_UNKNOWN',
  'KEY_MISSING',
  'KEY_REFUSED',
  'PROVIDER_REJECTED',
  'CONTEXT_TOO_LONG',
  'CONTENT_REFUSED',
  'STREAM_CUT',
  // Workspace and files
  'WORKSPACE_UNAVAILABLE',
  'WORKSPACE_UNTRUSTED',
  'PATH_OUTSIDE_WORKSPACE',
  'FILE_TOO_LARGE',
  'FILE_BINARY',
  'FILE_CHANGED',
  'DISK_FULL',
  // Checkpoints
  'CHECKPOINT_PRUNED',
  'CONTENT_DAMAGED',
  // Profile and database
  'DATABASE_NEWER',
  'DATABASE_DAMAGED',
  'PROFILE_IN_USE',
  'SECRETS_UNAVAILABLE',
  'SHUTTING_DOWN',
  'INTERNAL_ERROR',
])
export type ErrorCode = z.infer<typeof ErrorCodeSchema>

/** The body of every error answer, and the error a run or a step ended with. Safe to show: no paths outside the workspace, no keys, no stack. */
export const ErrorBodySchema = z.object({
  code: ErrorCodeSchema,
  message: z.string(),
  retryable: z.boolean(),
  traceId: z.string().optional(),
  data: z.unknown().optional(),
})
export type ErrorBody = z.infer<typeof ErrorBodySchema>

/** HTTP status of each code. */
export const httpStatusByCode: Readonly<Record<ErrorCode, number>> = {
  NETWORK_ERROR: 502,
  TIMEOUT_ERROR: 504,
  RATE_LIMIT_ERROR: 429,
  SERVICE_UNAVAILABLE: 503,
  INVALID_PARAMETERS: 400,
  AUTHENTICATION_ERROR: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_NOT_FOUND: 404,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  MAX_STEPS_EXCEEDED: 422,
  MAX_DEPTH_EXCEEDED: 422,
  TIME_LIMIT_EXCEEDED: 422,
  TOKEN_LIMIT_EXCEEDED: 422,
  NO_CREDITS: 402,
  NO_PROGRESS: 422,
  GUARDRAIL_STOPPED: 422,
  TASK_STOPPED: 409,
  NO_MODEL: 422,
  MODEL_UNKNOWN: 422,
  KEY_MISSING: 422,
  KEY_REFUSED: 422,
  PROVIDER_REJECTED: 422,
  CONTEXT_TOO_LONG: 422,
  CONTENT_REFUSED: 422,
  STREAM_CUT: 502,
  WORKSPACE_UNAVAILABLE: 409,
  WORKSPACE_UNTRUSTED: 403,
  PATH_OUTSIDE_WORKSPACE: 403,
  FILE_TOO_LARGE: 413,
  FILE_BINARY: 422,
  FILE_CHANGED: 409,
  DISK_FULL: 507,
  CHECKPOINT_PRUNED: 410,
  CONTENT_DAMAGED: 500,
  DATABASE_NEWER: 500,
  DATABASE_DAMAGED: 500,
  PROFILE_IN_USE: 409,
  SECRETS_UNAVAILABLE: 503,
  SHUTTING_DOWN: 503,
  INTERNAL_ERROR: 500,
}
