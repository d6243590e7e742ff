import { HttpException } from '@nestjs/common';

const METHODS_SHOWN = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Where every command arrives. As a route it matches more addresses than there are commands. */
export const COMMAND_ROUTE = '/api/:collection/:id/:command';

export class MethodNotAllowed extends HttpException {
  constructor(readonly allowed: readonly string[]) {
    super('method not allowed', 405);
  }
}

/** Every address the server answers and by which methods, so that a wrong method is told from a wrong address. */
export class RouteTable {
  private readonly routes: Array<{ method: string; pattern: RegExp }> = [];

  constructor(private readonly isCommand: (collection: string, name: string) => boolean) {}

  add(methods: string | string[], address: string): void {
    if (address === COMMAND_ROUTE) return;
    const source = address
      .split('/')
      .map((part) =>
        part.startsWith(':') ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*'),
      )
      .join('/');
    const pattern = new RegExp(`^${source}/?$`);
    for (const method of [methods].flat()) {
      if (METHODS_SHOWN.includes(method)) this.routes.push({ method, pattern });
    }
  }

  methodsAt(url: string): string[] {
    const path = url.split('?', 1)[0];
    const methods = this.routes.filter((r) => r.pattern.test(path)).map((r) => r.method);
    const [, api, collection, , name, ...more] = path.split('/');
    if (api === 'api' && name && more.length === 0 && this.isCommand(collection, name)) methods.push('POST');
    return [...new Set(methods)];
  }
}
