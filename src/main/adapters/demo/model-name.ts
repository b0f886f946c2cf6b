/** The one model that the demo server has. */
export const demoModel = 'scripted'
