import type { BrowserContext, Page, Request } from '@playwright/test';

/** What a page does unseen: what it requests, and what goes wrong in it. */
export class Watch {
  readonly requests: Request[] = [];
  /** Console errors, uncaught exceptions, and violations of the content security policy. */
  readonly errors: string[] = [];

  page(page: Page): this {
    page.on('pageerror', (error) => this.errors.push(`${error.name}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(`${message.text()} (${message.location().url})`);
    });
    return this;
  }

  /** Requests of every page and worker of the context, those that failed included. */
  context(context: BrowserContext): this {
    context.on('request', (request) => this.requests.push(request));
    for (const page of context.pages()) this.page(page);
    context.on('page', (page) => this.page(page));
    return this;
  }

  /** File names requested, without their folders. */
  files(): string[] {
    return this.requests.map((request) => new URL(request.url()).pathname.split('/').at(-1) ?? '');
  }

  /** Names of the files that were asked of model folders. */
  modelFiles(): string[] {
    return this.requests
      .map((request) => /\/models\/[^/]+\/([^/]+)$/.exec(new URL(request.url()).pathname)?.[1])
      .filter((name) => name !== undefined);
  }

  /** Addresses outside the page's own origin. */
  elsewhere(origin: string): string[] {
    return this.requests
      .map((request) => request.url())
      .filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== origin);
  }

  /** Bytes of bodies as they were transferred, compressed where the server compresses. */
  async transferredBytes(): Promise<number> {
    const sizes = await Promise.all(
      this.requests.map((request) =>
        request.sizes().then(
          ({ responseBodySize }) => responseBodySize,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + Math.max(size, 0), 0);
  }
}

/** The model's own files that a drawing needs and a look at a recorded comparison does not. */
export const modelBytes = /\.(onnx|wasm)$|^weights\.bin$/;
