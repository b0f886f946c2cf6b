import { expect, it } from 'vitest'
import { SettingsSchema } from '#contract/settings'
import { rebased } from './rebased'

const shown = SettingsSchema.parse({ web: { allowedHosts: ['a.example'] }, shortcuts: { 'go.home': ['F4'], 'chat.find': ['F5'] } })

it('keeps what another field of the same form has changed meanwhile', () => {
  const now = { ...shown, web: { ...shown.web, allowedHosts: ['b.example'] } }
  expect(rebased({ web: { ...shown.web, privateHosts: ['nas'] } }, shown, now)).toEqual({ web: { ...now.web, privateHosts: ['nas'] } })
})

it('takes away what was taken away, and keeps what is new', () => {
  const now = { ...shown, shortcuts: { ...shown.shortcuts, 'go.back': ['F6'] } }
  expect(rebased({ shortcuts: { 'chat.find': ['F7'] } }, shown, now)).toEqual({ shortcuts: { 'chat.find': ['F7'], 'go.back': ['F6'] } })
})

it('gives lists and single values as they are', () => {
  expect(rebased({ theme: 'dark', compatible: [] }, shown, { ...shown, theme: 'light' })).toEqual({ theme: 'dark', compatible: [] })
})
