/** The mark of Trestle, 32 pixels wide: a beam on two legs. */
export const trayIcon =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAYAAABzenr0AAAAVUlEQVR42mNgGAWjYBSMAiTAlRb9nx541AGD1wGEHEVLPUSFCK31jTpgcDmAUkModsSAZr1B' +
  '6YABjwK66qdWNiLbnFEHDKgDqFaMkmvegDtgFIw4AAAIIcZ8sWIXswAAAABJRU5ErkJggg=='
