import { basename } from 'node:path'

const kebabCase = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/

/** File names are kebab-case, with dotted suffixes: `model-provider.test.ts`. */
export const kebabCaseFileNames = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { name: "The file name '{{name}}' is not kebab-case." },
  },
  create: (context) => ({
    Program(node) {
      const name = basename(context.filename)
      if (!kebabCase.test(name)) context.report({ node, messageId: 'name', data: { name } })
    },
  }),
}
