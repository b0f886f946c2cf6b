import type { Session } from '#contract/sessions'
import { shorten } from '../../lib/format'

export const menuLabel = ({ title }: Pick<Session, 'title'>): string => `Actions for ${shorten(title, 80)}`
