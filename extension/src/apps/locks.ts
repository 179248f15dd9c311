/** Exclusive sections across all contexts of the extension; the browser's `navigator.locks` is one. */
export type Locks = { request<T>(name: string, task: () => Promise<T>): Promise<T> };
