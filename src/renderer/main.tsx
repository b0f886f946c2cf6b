import { startWindow } from './app/start'

startWindow(document.getElementById('root') ?? document.body)
