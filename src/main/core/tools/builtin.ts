import { askUser } from './ask-user'
import { deleteFile } from './files/delete-file'
import { editFile } from './files/edit-file'
import { glob } from './files/glob'
import { listFiles } from './files/list-files'
import { moveFile } from './files/move-file'
import { readFile } from './files/read-file'
import { searchText } from './files/search-text'
import { writeFile } from './files/write-file'
import { runCommand } from './run-command'
import type { Tool } from './tool'

/** The tools that every agent has, in the order in which the model is told of them. */
export function createBuiltinTools(): readonly Tool[] {
  return [readFile, listFiles, glob, searchText, editFile, writeFile, moveFile, deleteFile, runCommand, askUser]
}
