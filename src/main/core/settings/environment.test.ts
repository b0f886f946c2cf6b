import { describe, expect, it } from 'vitest'
import { SettingsSchema } from '#contract/settings'
import { parseEnvironment, withEnvironment } from './environment'

describe('the environment', () => {
  it('outranks the saved settings', () => {
    const environment = parseEnvironment({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', TRESTLE_MODEL: 'openai/gpt-test', ANTHROPIC_API_KEY: ' key ' })
    expect(environment.anthropicKey).toBe('key')
    expect(withEnvironment(SettingsSchema.parse({ defaultModel: 'anthropic/other', anthropicBaseUrl: 'http://saved.example' }), environment)).toMatchObject({
      defaultModel: 'openai/gpt-test', openaiBaseUrl: 'http://127.0.0.1:1/v1', anthropicBaseUrl: 'http://saved.example',
    })
  })

  it('counts as absent when it is empty', () => {
    expect(parseEnvironment({ OPENAI_API_KEY: '', TRESTLE_MODEL: '  ' })).toMatchObject({ openaiKey: null, model: null })
  })

  it.each([
    ['TRESTLE_MODEL', 'gpt-5', 'TRESTLE_MODEL must look like provider/model'],
    ['OPENAI_BASE_URL', 'localhost:11434', 'OPENAI_BASE_URL must be an http or https URL'],
    ['ANTHROPIC_BASE_URL', 'file:///etc', 'ANTHROPIC_BASE_URL must be an http or https URL'],
  ])('is refused with its name when %s makes no sense', (name, value, message) => {
    expect(() => parseEnvironment({ [name]: value })).toThrow(message)
  })
})
