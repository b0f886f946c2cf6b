import type { ReadyLine } from '../src/main/hosts/headless/testing/host-process'

export interface ApiAnswer {
  readonly status: number
  // Tests read into it as they know the call.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any
}

export interface Api {
  get(path: string): Promise<ApiAnswer>
  post(path: string, body?: unknown): Promise<ApiAnswer>
  put(path: string, body: unknown): Promise<ApiAnswer>
  patch(path: string, body: unknown): Promise<ApiAnswer>
  delete(path: string): Promise<ApiAnswer>
}

/** The REST API of the host that runs now, as a script would use it. Paths without `/api/v1`. */
export function createApi(ready: () => ReadyLine): Api {
  const call = async (method: string, path: string, body?: unknown): Promise<ApiAnswer> => {
    const { api, token } = ready()
    const response = await fetch(api + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
  }
}
