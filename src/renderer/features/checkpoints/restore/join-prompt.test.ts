import { expect, test } from 'vitest'
import { joinPrompt } from './join-prompt'

test('the restored prompt comes first and nothing that was typed is lost', () => {
  expect([joinPrompt('Sort it', ''), joinPrompt('Sort it', 'and name it'), joinPrompt('Sort it', ' Sort it ')]).toEqual(['Sort it', 'Sort it\n\nand name it', 'Sort it'])
})
