import type { Migration } from '../migrate'

/** Requests with an idempotency key. `status` NULL: begun by `owner` and not answered; `answer` NULL beside a status: too long to be kept. */
export const answeredRequests: Migration = {
  name: '0019-answered-requests',
  sql: `
CREATE TABLE answered_requests (
  client TEXT NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  owner TEXT NOT NULL,
  status INTEGER,
  answer TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (client, route, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answered_requests_by_age ON answered_requests (at);
`,
}
