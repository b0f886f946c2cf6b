/** In the flags of a database that was put back to a backup: what came after it is not there any more. */
export const RESTORED_FLAG = 'database.restored'
