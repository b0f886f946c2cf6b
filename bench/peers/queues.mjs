// The queues on servers that ours is measured beside.
export { Queue, Worker } from 'bullmq'
export { PgBoss } from 'pg-boss'
