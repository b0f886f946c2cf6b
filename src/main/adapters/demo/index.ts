export { createDemoServer, type DemoServerOptions } from './demo-server'
